"""Reading the JSON files that a clerk gives."""

import errno
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.output import Misused
from shared.ledger.errors import Malformed
from shared.ledger.policy import Policy, parse_policy

_SYSTEM: Mapping[int, str] = {
    errno.EACCES: "没有权限",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有此地址",
    errno.EEXIST: "已经存在",
    errno.EISDIR: "是目录，不是文件",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENOENT: "不存在",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "不是目录",
    errno.EPERM: "不允许",
    errno.EROFS: "文件系统只读",
}


def system_zh(error: OSError) -> str:
    """Return in Chinese what the machine refused, with the file that it is about."""
    said = _SYSTEM.get(error.errno or 0, f"系统错误 {error.errno}" if error.errno else "系统错误")
    return f"{said}：{error.filename}" if error.filename else said


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raise Misused, naming the place, if there is none."""
    try:
        value = json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Misused(f"{path} 不是 UTF-8 编码", f"{path} is not UTF-8") from error
    except json.JSONDecodeError as error:
        zh = f"{path} 第 {error.lineno} 行第 {error.colno} 列不是 JSON"
        raise Misused(zh, f"{path} is not JSON at line {error.lineno}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise Misused(f"{path} 无法读取", f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise Misused(f"{path} 应为 JSON 对象", f"{path} should hold a JSON object")
    return value


def read_policy(path: Path | None) -> Policy | None:
    """Return the trust policy in a file, None without one. Raise Misused, naming the line, if it breaks a rule."""
    if path is None:
        return None
    try:
        return parse_policy(path.read_bytes())
    except Malformed as fault:
        raise Misused(f"{path} 不是有效的信任策略", f"{path} is not a policy: {fault}") from fault


RECEIPT_KEY = "# ggzy-receipt-key "
"""Begins the comment line by which a saved policy also names the platform's public key for receipts."""


def receipt_key_in(path: Path | None) -> str | None:
    """Return the receipt key that the verifier's own policy file names, if it does."""
    lines = path.read_text("utf-8", "replace").split("\n") if path else []
    return next((line.removeprefix(RECEIPT_KEY).strip() for line in lines if line.startswith(RECEIPT_KEY)), None)
