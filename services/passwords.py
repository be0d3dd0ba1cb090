"""Passwords: Argon2id, and the few words that may not be one."""

from dataclasses import dataclass
from functools import cache, cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.text import Text

SHORTEST = 10
LONGEST = 200
"""Longer ones only cost the server time."""

_AT_ONCE = BoundedSemaphore(2)
"""Each check takes tens of megabytes; a burst of sign-ins may not take the memory of a worker."""

_COMMON_WORDS = """
0987654321 1029384756 1122334455 112233445566 11223344556677 123123123123 1234554321 12345678910
123456789a 1236547890 1314520520 1472583690 147258369a 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
5201314520 a123456789 aa123456789 abc1234567 abcd123456 abcde12345 admin12345 admin123456
administrator asdfghjkl1 asdfghjkl; changeme123 iloveyou123 iloveyou1314 letmein1234 p@ssw0rd123
passw0rd123 password01 password12 password123 password1234 password12345 q1w2e3r4t5 qazwsxedcrfv
qq123456789 qwer123456 qwer1234567 qwert12345 qwerty12345 qwerty123456 qwertyuiop qwertyuiop1
welcome123 welcome1234 woaini123456 woaini1314 woaini5201314 yichuang-demo-2026 yichuang123
yichuang2026 zaq12wsxcde3 zhangsan123 zxcvbnm,./ zxcvbnm123 zxcvbnm1234
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")

TOO_SHORT = Text(
    zh=f"密码太短，请至少输入 {SHORTEST} 个字符。可以用几个词连起来，容易记。",
    en=f"The password is too short. Use {SHORTEST} characters or more; "
    "a few words in a row are easy to remember.",
)
TOO_LONG = Text(
    zh=f"密码太长，请不要超过 {LONGEST} 个字符。",
    en=f"The password is too long. Use {LONGEST} characters or fewer.",
)
TOO_COMMON = Text(
    zh="这个密码太常见，很容易被猜到，请换一个。",
    en="This password is common and easily guessed. Choose another one.",
)
IS_ACCOUNT = Text(
    zh="密码不能与账号相同或只比账号多几个字符，请换一个。",
    en="The password may not be your account, nor your account with a few characters more. "
    "Choose another one.",
)
_FEW_MORE = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right; ``new_hash`` if it should be stored with present parameters."""

    is_right: bool
    new_hash: str | None = None


@dataclass(frozen=True)
class Passwords:
    """Hashes and checks with one set of Argon2id parameters: memory in KiB, passes over it."""

    memory_kibibytes: int
    passes: int

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(
            time_cost=self.passes, memory_cost=self.memory_kibibytes, parallelism=1
        )

    @cached_property
    def _nobody(self) -> str:
        return self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The salted hash to store, parameters included."""
        with _AT_ONCE:
            return self._hasher.hash(password)

    def check(self, stored: str | None, password: str) -> Checked:
        """Compare; without a ``stored`` hash it takes as long and is wrong."""
        nobody = self._nobody  # made on the first call, whichever account that is for
        possible = stored is not None and len(password) <= LONGEST
        try:
            with _AT_ONCE:
                self._hasher.verify(stored if stored and possible else nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return Checked(is_right=False)
        if stored is None or not possible:
            return Checked(is_right=False)
        renew = self._hasher.check_needs_rehash(stored)
        return Checked(is_right=True, new_hash=self.hash(password) if renew else None)


def refusal(password: str, account: str) -> Text | None:
    """Why ``password`` may not be chosen for ``account``; None if it may."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if _is_common(plain):
        return TOO_COMMON
    names = {name for name in (account, account.partition("@")[0]) if name}
    if any(name in plain and len(plain) - len(name) <= _FEW_MORE for name in names):
        return IS_ACCOUNT
    return None


def _is_common(plain: str) -> bool:
    few_characters = len(set(plain)) <= 2  # noqa: PLR2004 -- "1111111111", "abababababab"
    return plain in _COMMON or few_characters or any(plain in run for run in _RUNS)


@cache
def with_cost(memory_kibibytes: int, passes: int) -> Passwords:
    """The hasher of these parameters, one for the life of the process."""
    return Passwords(memory_kibibytes, passes)
