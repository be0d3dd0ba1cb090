// Text that was typed and not yet saved, kept in this browser: encrypted under a key that the
// server gives to its person alone, for a week at most, and gone when they sign out.
const PREFIX = "yichuang-draft:";
const LONGEST_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

export const arePossible = Boolean(globalThis.crypto?.subtle) && canStore();

function canStore() {
  try {
    localStorage.setItem(`${PREFIX}try`, "");
    localStorage.removeItem(`${PREFIX}try`);
    return true;
  } catch {
    return false;
  }
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

export function forgetAll() {
  for (const name of names()) localStorage.removeItem(name);
}

export function forgetOld() {
  for (const name of names()) {
    if (!(Date.now() - storedAt(name) < LONGEST_MILLISECONDS)) localStorage.removeItem(name);
  }
}

function storedAt(name) {
  try {
    return JSON.parse(localStorage.getItem(name)).at;
  } catch {
    return NaN;
  }
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (buffer) => {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
};

// One place for one section of one draft of one person.
export class Shadow {
  constructor(owner, place, key) {
    this.name = `${PREFIX}${owner}:${place}`;
    this.key = arePossible
      ? crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"])
      : null;
    this.turn = Promise.resolve();
  }

  // One after the other, so that the newest text is the one that stays.
  write(content) {
    if (!arePossible) return Promise.resolve(false);
    this.turn = this.turn.then(() => this.#store(content)).catch(() => false);
    return this.turn;
  }

  async #store(content) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const clear = new TextEncoder().encode(JSON.stringify(content));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, clear);
    const kept = { at: Date.now(), iv: base64(iv), sealed: base64(sealed) };
    localStorage.setItem(this.name, JSON.stringify(kept));
    return true;
  }

  async read() {
    if (!arePossible) return null;
    try {
      const kept = JSON.parse(localStorage.getItem(this.name));
      if (!kept) return null;
      const iv = bytes(kept.iv);
      const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.key, bytes(kept.sealed));
      return { at: kept.at, ...JSON.parse(new TextDecoder().decode(clear)) };
    } catch {
      this.remove();
      return null;
    }
  }

  remove() {
    this.turn = this.turn.then(() => {
      try {
        localStorage.removeItem(this.name);
      } catch {
        // nothing is stored where nothing can be removed
      }
    });
    return this.turn;
  }
}
