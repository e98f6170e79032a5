"""What a password must be, and how long who gave a wrong one waits."""

from datetime import timedelta

from shared.kernel.errors import BadInput

LEAST, MOST = 12, 128
FREE = 3
LONGEST = timedelta(minutes=15)


def require_good(password: str) -> None:
    """Refuse a password that is too short to withstand guessing, or too long to be one."""
    if not LEAST <= len(password) <= MOST:
        raise BadInput(f"密码应为 {LEAST} 至 {MOST} 个字符", f"a password has {LEAST} to {MOST} characters")


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many wrong passwords: none after two, then 1 s, doubled up to 15 minutes."""
    if failures < FREE:
        return timedelta()
    return min(LONGEST, timedelta(seconds=2 ** min(failures - FREE, 30)))
