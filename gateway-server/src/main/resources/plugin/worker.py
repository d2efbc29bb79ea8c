"""Runs one SecureGateway plugin behind a sandbox.

Frames on standard input and output: four bytes length, big endian, then JSON (UTF-8).
First frame in: {"name", "source", "sandbox": bool, "memory", "frame", "output", "reads": [paths]}.
First frame out: {"hooks": [...], "sandbox": text} or {"error": text}.
Then calls in: {"id", "call": {"hook", "ctx", "args": [...]}} and answers out: {"id", "output"?} with
{"action": null | "deny" | "modify" | "observe", "reason"?, "value"?} or {"error": text}.
After each answer, a zero and the id in eight bytes go to descriptor 2: what was written to 1 and 2
before it past Python's own streams belongs to that call.
"""

import ctypes
import errno
import io
import json
import os
import platform
import resource
import struct
import sys
import traceback

HOOKS = ("on_toolcall", "on_toolresult", "on_prompt")
VALUES = {"on_toolcall": "payload", "on_toolresult": "result", "on_prompt": "prompt"}

# Everything a Python program needs that computes, and nothing that reaches out of it: no sockets,
# no processes, no threads, no signals, no tracing, no change of limits or rights.
# name: (x86_64, aarch64); None where the architecture has no such call.
ALLOWED = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "open": (2, None), "openat": (257, 56), "close": (3, 57),
    "close_range": (436, 436), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "newfstatat": (262, 79), "statx": (332, 291), "lseek": (8, 62), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "getdents64": (217, 61),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "ioctl": (16, 29),
    "fcntl": (72, 25), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe2": (293, 59), "poll": (7, None), "ppoll": (271, 73), "select": (23, None),
    "pselect6": (270, 72), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153),
    "getrusage": (98, 165), "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178),
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "uname": (63, 160), "sysinfo": (99, 179), "getrandom": (318, 278), "arch_prctl": (158, None),
    "membarrier": (324, 283), "restart_syscall": (219, 128), "exit": (60, 93),
    "exit_group": (231, 94),
}
# Of these only some commands: fcntl can make the kernel send signals to others (F_SETOWN, F_SETSIG).
COMMANDS = {
    "fcntl": (0, 1, 2, 3, 4, 1030, 1032),  # duplicate, flags, size of a pipe
    "ioctl": (0x5401, 0x5413, 0x541B, 0x5450, 0x5451),  # is it a terminal, how much is there, cloexec
}
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 38, 22
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
FS_READ_FILE, FS_READ_DIR = 1 << 2, 1 << 3


class Refused(Exception):
    """The kernel cannot fence the plugin in."""


def libc():
    lib = ctypes.CDLL(None, use_errno=True)
    lib.syscall.restype = ctypes.c_long
    return lib


def checked(result, what):
    if result < 0:
        code = ctypes.get_errno()
        raise Refused(f"{what}: {errno.errorcode.get(code, code)}")
    return result


def limits(memory):
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 1),
    ):
        resource.setrlimit(limit, (most, most))


def landlock(lib, reads):
    """No file but for reading the interpreter's own; no TCP where the kernel knows how."""
    abi = checked(lib.syscall(LANDLOCK_CREATE, None, 0, 1), "Landlock")
    fs = (1 << 13) - 1
    if abi >= 2:
        fs |= 1 << 13
    if abi >= 3:
        fs |= 1 << 14
    if abi >= 5:
        fs |= 1 << 15
    attributes = struct.pack("QQQ", fs, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = checked(lib.syscall(LANDLOCK_CREATE, attributes, size, 0), "Landlock")
    for path in reads:
        try:
            there = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rights = FS_READ_FILE | FS_READ_DIR if os.path.isdir(path) else FS_READ_FILE
        rule = struct.pack("=Qi", rights & fs, there)
        checked(lib.syscall(LANDLOCK_ADD, ruleset, 1, rule, 0), "Landlock rule")
        os.close(there)
    checked(lib.syscall(LANDLOCK_RESTRICT, ruleset, 0), "Landlock")
    os.close(ruleset)
    return abi


def seccomp(lib):
    """Every system call that is not listed fails with EPERM."""
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise Refused(f"no list of system calls for {machine}")
    audit, column = ARCHITECTURES[machine]
    plain = sorted(
        n[column] for name, n in ALLOWED.items() if name not in COMMANDS and n[column] is not None
    )
    load, equal, give = 0x20, 0x15, 0x06
    allow, deny, kill = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
    program = [(load, 0, 0, 4), (equal, 1, 0, audit), (give, 0, 0, kill), (load, 0, 0, 0)]
    end = len(program) + sum(len(c) + 3 for c in COMMANDS.values()) + len(plain) + 1
    for name, commands in COMMANDS.items():
        program += [(equal, 0, len(commands) + 2, ALLOWED[name][column]), (load, 0, 0, 24)]
        for command in commands:
            program.append((equal, end - len(program) - 1, 0, command))
        program.append((give, 0, 0, deny))
    for number in plain:
        program.append((equal, end - len(program) - 1, 0, number))
    program += [(give, 0, 0, deny), (give, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    checked(lib.prctl(PR_SET_SECCOMP, 2, filter_, 0, 0), "seccomp")


def own_files():
    """Where the interpreter keeps its modules and their libraries, and nothing beside that."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    libraries = [os.path.join(p, lib) for p in prefixes for lib in ("lib", "lib64")]
    return [path for path in sys.path if path] + libraries


def sandbox(reads):
    lib = libc()
    checked(lib.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    abi = landlock(lib, reads)
    seccomp(lib)
    return f"landlock {abi} + seccomp"


class Capture(io.TextIOBase):
    """What the plugin prints, up to a bound."""

    def __init__(self, most):
        self.most = most
        self.parts = []
        self.size = 0
        self.cut = False

    def writable(self):
        return True

    def write(self, text):
        room = self.most - self.size
        if room > 0:
            part = text[:room]
            self.parts.append(part)
            self.size += len(part)
        self.cut = self.cut or len(text) > room
        return len(text)

    def take(self):
        text = "".join(self.parts) + (" …" if self.cut else "")
        self.parts, self.size, self.cut = [], 0, False
        return text


def receive(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    body = stream.read(length)
    return json.loads(body) if len(body) == length else None


def send(stream, number, frame, most):
    """Answers; what cannot be told is told as an error."""
    try:
        body = json.dumps({"id": number, **frame}, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, TypeError, RecursionError, MemoryError) as problem:
        body = plain(number, f"the answer is no JSON: {problem}"[:2000])
    if len(body) > most:
        body = plain(number, f"the answer is larger than {most} bytes")
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()
    try:
        os.write(2, b"\0" + struct.pack(">Q", number))
    except OSError:
        pass


def plain(number, error):
    return json.dumps({"id": number, "error": error}).encode("utf-8")


def last_line(problem):
    """What went wrong and where, whatever the exception does when it is asked for its text."""
    try:
        frames = traceback.extract_tb(problem.__traceback__)
        here = next((f" at line {f.lineno}" for f in reversed(frames) if f.filename == "plugin"), "")
        return f"{type(problem).__name__}: {problem}{here}"[:2000]
    except BaseException:
        return type(problem).__name__


def answer(hook, result):
    if result is None:
        return {"action": None}
    if not isinstance(result, dict):
        return {"error": f"{hook} returned {type(result).__name__}, not None or a dict"}
    action = result.get("action")
    if action == "deny":
        return {"action": "deny", "reason": str(result.get("reason") or "")[:2000]}
    if action == "observe":
        return {"action": "observe", "reason": str(result.get("note") or "")[:2000]}
    if action == "modify":
        member = VALUES[hook]
        if member not in result:
            return {"error": f'{hook} returned "modify" without "{member}"'}
        reason = str(result.get("reason") or "")[:2000]
        return {"action": "modify", "value": result[member], "reason": reason}
    return {"error": f"{hook} returned the unknown action {str(action)[:100]!r}"}


def named(plugin):
    """The hooks that it has. A hook that can never be called would look like one that allows."""
    hooks = [hook for hook in HOOKS if hook in plugin]
    for hook in hooks:
        if not callable(plugin[hook]):
            raise TypeError(f"{hook} is no function but {type(plugin[hook]).__name__}")
    if not hooks:
        raise NameError("it defines none of " + ", ".join(HOOKS))
    return hooks


def main():
    source_in = os.fdopen(os.dup(0), "rb")
    frames_out = os.fdopen(os.dup(1), "wb")
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    libc().prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
    begin = receive(source_in)
    if begin is None:
        return
    most, fenced = begin["frame"], "off"
    capture = Capture(begin["output"])
    try:
        limits(begin["memory"])
        if begin["sandbox"]:
            fenced = sandbox(begin["reads"] + own_files())
        sys.stdout = sys.stderr = capture
        plugin = {"__name__": "plugin", "__builtins__": __builtins__}
        exec(compile(begin["source"], "plugin", "exec"), plugin)
        hooks = named(plugin)
        send(frames_out, 0, {"hooks": hooks, "sandbox": fenced, "output": capture.take()}, most)
    except BaseException as problem:
        send(frames_out, 0, {"error": last_line(problem), "output": capture.take()}, most)
        return
    while True:
        call = receive(source_in)
        if call is None:
            return
        try:
            told = asked(plugin, **call["call"])
        except BaseException as problem:
            told = {"error": last_line(problem)}
        printed = capture.take()
        if printed:
            told["output"] = printed
        send(frames_out, call["id"], told, most)


def asked(plugin, hook, ctx, args):
    return answer(hook, plugin[hook](ctx, *args))


main()
