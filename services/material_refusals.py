"""Why a file cannot be used, in words that say what to do next."""

from typing import Any

from catalog.schema import FileType, Material
from core.text import Text

SENTENCES: dict[str, Text] = {
    "empty": Text(
        zh="这个文件是空的，里面没有内容。请检查后重新选择。",
        en="This file is empty. Check it and choose another.",
    ),
    "too_large": Text(
        zh="文件超过 {megabytes} MB。请降低扫描分辨率，或者拆成几个文件后再上传。",
        en="The file is larger than {megabytes} MB. Scan it at a lower resolution or split it.",
    ),
    "wrong_type": Text(
        zh="打开后发现它不是 {types}。只改文件名没有用，请另存为这些格式后再上传。",
        en="Opened, it is not a {types} file. Renaming does not help; save it as one of these.",
    ),
    "two_in_one": Text(
        zh="文件里还夹着另一种文件，无法安全打开。请用扫描或打印的方式重新生成一份。",
        en="Another kind of file hides inside it, so it cannot be opened safely. Scan or print it "
        "anew.",
    ),
    "locked": Text(
        zh="PDF 有密码或者权限限制，办理人员无法使用。请去掉密码和限制，另存一份再上传。",
        en="The PDF has a password or restrictions. Save a copy without them and upload that.",
    ),
    "damaged": Text(
        zh="文件打不开，可能没有传完整或者已经损坏。请确认在自己的设备上能打开，再上传一次。",
        en="The file cannot be opened; it may be incomplete or damaged. Make sure that it opens on "
        "your device and upload it again.",
    ),
    "no_pages": Text(
        zh="这个 PDF 一页也没有。请检查后重新生成。",
        en="This PDF has no pages. Make it again.",
    ),
    "too_many_pages": Text(
        zh="文件有 {page_count} 页，这项材料最多 {maximum_pages} 页。"
        "请只留需要的部分，或者拆成几个文件。",
        en="The file has {page_count} pages; this paper takes {maximum_pages}. Keep only what is "
        "needed, or split it.",
    ),
    "acts": Text(
        zh="PDF 里有会自动运行的内容（脚本、表单程序或启动命令）。请用“打印为 PDF”另存一份再上传。",
        en="The PDF has content that runs by itself (scripts, form programs or launch commands). "
        "Print it to a new PDF and upload that.",
    ),
    "attaches": Text(
        zh="PDF 里带有附件。请去掉附件；附件也要提交的，单独上传。",
        en="The PDF has files attached. Remove them; upload them on their own if they are needed.",
    ),
    "too_heavy": Text(
        zh="打开这个文件要占用过多的内存或时间，不能使用。请重新扫描，或者用“打印为 PDF”另存一份。",
        en="Opening this file takes too much memory or time. Scan it again or print it to a new "
        "PDF.",
    ),
    "too_many_pixels": Text(
        zh="图片的尺寸过大（超过 6000 万像素）。请缩小后再上传。",
        en="The picture is too large (more than 60 million pixels). Make it smaller.",
    ),
    "moves": Text(
        zh="这是会动的图片。请上传静止的照片或扫描件。",
        en="This picture is animated. Upload a still photo or scan.",
    ),
    "not_accepted": Text(
        zh="这项材料只收 {types}。请另存为这种格式后再上传。",
        en="This paper is taken as {types} only. Save it so and upload that.",
    ),
    "not_stored": Text(
        zh="系统暂时存不下这个文件，责任不在您。请过一会儿再上传一次。",
        en="The file could not be stored, which is not your fault. Upload it again a little later.",
    ),
    "unchecked": Text(
        zh="系统没能在 10 分钟内检查完这个文件，责任不在您。请移除后再上传一次。",
        en="The file could not be checked within 10 minutes, which is not your fault. Remove it "
        "and upload it once more.",
    ),
}
NAMES = {
    FileType.PDF: Text(zh="PDF", en="PDF"),
    FileType.JPEG: Text(zh="JPG 照片", en="JPG"),
    FileType.PNG: Text(zh="PNG 图片", en="PNG"),
}
MEBIBYTE = 1024 * 1024


def refusal(code: str, material: Material, page_count: int | None = None) -> dict[str, Any]:
    """The sentence of a refusal for one paper, as it is kept with the file."""
    sentence = SENTENCES.get(code, SENTENCES["damaged"]).format(
        types=types(material),
        megabytes=f"{material.maximum_bytes / MEBIBYTE:g}",
        maximum_pages=material.maximum_pages,
        page_count=page_count,
    )
    return {"code": code, "zh": sentence.zh, "en": sentence.en}


def types(material: Material) -> Text:
    """The types that a paper is taken as, in words."""
    names = [NAMES[each] for each in material.accepts]
    return Text(
        zh="、".join(name.zh for name in names),
        en=", ".join(name.en for name in names[:-1])
        + (" or " if len(names) > 1 else "")
        + names[-1].en,
    )
