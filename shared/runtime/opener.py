"""The opener: walks over bodies in processes of their own, `python -m shared.runtime.opener < TASKS`.

It loads no models, which takes as long as to open a hundred MiB; whoever asked judges what was seen.
"""

import fcntl
import json
import os
import sys
from collections.abc import Sequence

from shared.seal.walk_file import Stamp, Task, look_at, walk_file

_NUMBER = 8  # bytes of a task's number


def main() -> None:
    """Read tasks from standard input and write what was seen, a line for each with its number, as they are done."""
    tasks = [_task(*given) for given in json.load(sys.stdin)]
    numbers = os.memfd_create("numbers")
    os.write(numbers, b"".join(number.to_bytes(_NUMBER) for number in range(len(tasks))))
    os.lseek(numbers, 0, os.SEEK_SET)
    workers = [_worker(tasks, numbers) for _ in range(1, min(os.cpu_count() or 1, len(tasks)))]
    _work(tasks, numbers)
    if any(os.waitpid(worker, 0)[1] for worker in workers):
        raise SystemExit("a worker ended before its work was done")


def _task(ciphertext: str, plaintext: str, key: str, context: str, stamp: list[int] | None) -> Task:
    return Task(ciphertext, plaintext, bytes.fromhex(key), context.encode(), Stamp(*stamp) if stamp else None)


def _worker(tasks: Sequence[Task], numbers: int) -> int:
    """Start another that does tasks; return its process id."""
    if worker := os.fork():
        return worker
    _work(tasks, numbers)
    os._exit(0)


def _work(tasks: Sequence[Task], numbers: int) -> None:
    """Do one task after the other. The next is where all workers together have come in `numbers`."""
    while read := os.read(numbers, _NUMBER):
        number = int.from_bytes(read)
        task = tasks[number]
        seen = walk_file(task) if task.key else look_at(task.ciphertext)
        line = json.dumps((number, seen), default=bytes.hex) + "\n"
        fcntl.lockf(numbers, fcntl.LOCK_EX)  # no line is written into another
        sys.stdout.write(line)
        sys.stdout.flush()
        fcntl.lockf(numbers, fcntl.LOCK_UN)


if __name__ == "__main__":
    main()
