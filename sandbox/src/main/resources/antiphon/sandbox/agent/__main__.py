"""Runs inside a sandbox: keeps a Python process for cells, runs commands, moves files.

Speaks lines of JSON: requests on standard input, answers on standard output. Everything it says is
bounded; whoever reads it trusts nothing of it, because the code it runs may speak in its place.
"""

import base64
import codecs
import json
import os
import resource
import selectors
import signal
import shutil
import stat
import subprocess
import sys
import time

DATA = "/mnt/data"
MAX_FILES = 1000
MAX_DEPTH = 16
MAX_LINE = 6 * 1024 * 1024
PIECE = 8192
GRACE = 2.0  # seconds that an interrupted cell has to end by itself
STOP_GRACE = 0.008  # the same where nobody waits for it any more


def say(**message):
    data = json.dumps(message).encode() + b"\n"
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]


class Texts:
    """The text of a call, up to a limit; what is over it is counted and dropped."""

    def __init__(self, request):
        self.id = request["id"]
        self.left = {"stdout": request["max_output"], "stderr": request["max_output"]}
        self.dropped = 0
        self.decoders = {}

    def feed(self, stream, data, last=False):
        decoder = self.decoders.get(stream)
        if decoder is None:
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self.decoders[stream] = decoder
        text = decoder.decode(data, last)
        kept = text[: self.left[stream]]
        self.left[stream] -= len(kept)
        self.dropped += len(text) - len(kept)
        if kept:
            say(id=self.id, ev="text", stream=stream, text=kept)

    def close(self):
        for stream in list(self.decoders):
            self.feed(stream, b"", True)


class Worker:
    """The Python process that cells run in."""

    def __init__(self, agent, preload):
        code_r, self.code_w = os.pipe()
        self.result_r, result_w = os.pipe()
        out_r, out_w = os.pipe()
        err_r, err_w = os.pipe()
        self.streams = {out_r: "stdout", err_r: "stderr"}
        self.pid = os.fork()
        if self.pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                agent.selector.close()
                for fd in (self.code_w, self.result_r, out_r, err_r):
                    os.close(fd)
                os.setsid()
                null = os.open("/dev/null", os.O_RDONLY)
                os.dup2(null, 0)
                os.dup2(out_w, 1)
                os.dup2(err_w, 2)
                for fd in (null, out_w, err_w):
                    os.close(fd)
                prefer_as_victim()
                import cells

                cells.serve(code_r, result_w, preload)
            finally:
                os._exit(0)
        for fd in (code_r, result_w, out_w, err_w):
            os.close(fd)
        for fd in (self.result_r, out_r, err_r):
            os.set_blocking(fd, False)
        self.buffer = b""
        self.stopped = False
        self.ready = False

    def close(self):
        for fd in (self.code_w, self.result_r, *self.streams):
            os.close(fd)


def prefer_as_victim():
    """Where memory is short this one is to die, and not the agent."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


class Job:
    def __init__(self, request):
        self.request = request
        self.id = request["id"]
        self.texts = Texts(request)
        self.deadline = time.monotonic() + request["limit_ms"] / 1000
        self.ending = None  # why it is being ended, if it is
        self.kill_at = None
        self.process = None
        self.streams = {}
        self.sent = False


class Agent:
    def __init__(self, options):
        self.options = options
        self.selector = selectors.DefaultSelector()
        self.input = b""
        self.worker = None
        self.job = None
        self.lost_state = False
        self.next_look = 0.0
        os.set_blocking(0, False)
        self.hear_of_ends()
        self.selector.register(0, selectors.EVENT_READ, self.read_requests)

    def hear_of_ends(self):
        """An ended process wakes the loop."""
        wake_r, wake_w = os.pipe()
        for fd in (wake_r, wake_w):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_w, warn_on_full_buffer=False)
        self.selector.register(wake_r, selectors.EVENT_READ, read_some)

    # The loop

    def run(self):
        self.start_worker(self.options.get("preload") or [])
        while True:
            for key, _ in self.selector.select(self.patience()):
                # A handler before it may have closed it.
                if key.fd in self.selector.get_map():
                    key.data(key.fd)
            self.look()

    def patience(self):
        if self.job is None:
            return None
        until = self.job.kill_at or self.job.deadline
        wait = max(0.0, until - time.monotonic())
        return min(wait, 0.1 if self.job.kill_at is None else 0.002)

    def look(self):
        """What no file tells: time, ended processes, memory."""
        self.reap()
        job = self.job
        if job is None:
            return
        now = time.monotonic()
        if job.kill_at is not None and now >= job.kill_at:
            self.kill_all()
        elif job.kill_at is None and now >= job.deadline:
            self.interrupt(job, "timeout", GRACE)
        elif self.options.get("watch_memory") and now >= self.next_look:
            self.next_look = now + 0.1
            if used_memory() > self.options["memory"]:
                job.ending = "memory"
                self.kill_all()

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            job = self.job
            if self.worker is not None and pid == self.worker.pid:
                self.worker_died(status)
            elif job is not None and job.process is not None and pid == job.process.pid:
                self.command_ended(status)

    # Requests

    def read_requests(self, fd):
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            os.kill(-1, signal.SIGKILL)
            os._exit(0)
        self.input += data
        *lines, self.input = self.input.split(b"\n")
        for line in lines:
            self.handle(json.loads(line))

    def handle(self, request):
        op = request["op"]
        if op == "cell":
            self.reap()
            self.begin(Job(request))
        elif op == "command":
            self.begin_command(Job(request))
        elif op == "stop":
            if self.job is not None and self.job.id == request["job"]:
                self.interrupt(self.job, "stopped", STOP_GRACE)
        else:
            try:
                say(id=request["id"], ev="done", **FILES[op](request))
            except (OSError, ValueError) as error:
                told = getattr(error, "strerror", None) or str(error)
                say(id=request["id"], ev="done", error=told)

    # Cells

    def start_worker(self, preload):
        self.worker = Worker(self, preload)
        self.selector.register(self.worker.result_r, selectors.EVENT_READ, self.read_results)
        for fd in self.worker.streams:
            self.selector.register(fd, selectors.EVENT_READ, self.read_worker)

    def begin(self, job):
        if self.worker is None:
            self.start_worker([])
        self.job = job
        self.send_code()

    def send_code(self):
        job, worker = self.job, self.worker
        if not worker.ready or job.sent:
            return
        job.sent = True
        if worker.stopped:
            os.kill(worker.pid, signal.SIGCONT)
            worker.stopped = False
        code = job.request["code"].encode("utf-8", "replace")
        data = memoryview(len(code).to_bytes(4, "big") + code)
        try:
            while data:
                data = data[os.write(worker.code_w, data):]
        except BrokenPipeError:
            pass  # It is told as soon as it is reaped.

    def read_worker(self, fd):
        stream = self.worker.streams[fd]
        data = read_some(fd)
        if data == b"":
            self.selector.unregister(fd)
        elif data and self.job is not None and self.job.process is None:
            self.job.texts.feed(stream, data)

    def read_results(self, fd):
        worker = self.worker
        data = read_some(fd)
        if data == b"":
            self.selector.unregister(fd)
            return
        if data is None:
            return
        worker.buffer += data
        *lines, worker.buffer = worker.buffer.split(b"\n")
        for line in lines:
            try:
                self.result(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):
                os.kill(worker.pid, signal.SIGKILL)  # Not our words.
                return
        if len(worker.buffer) > MAX_LINE:
            os.kill(worker.pid, signal.SIGKILL)

    def result(self, message):
        kind = message["ev"]
        if kind == "ready":
            self.worker.ready = True
            if self.job is not None and self.job.process is None:
                self.send_code()
            else:
                say(ev="ready")
                self.rest()
        elif self.job is not None and self.job.sent:
            if kind == "image":
                say(id=self.job.id, ev="image", mime=str(message["mime"]),
                    name=str(message["name"]), data=str(message["data"]))
            elif kind == "end":
                self.cell_ended(message)

    def cell_ended(self, message):
        job = self.job
        self.drain(self.worker.streams)
        self.kill_others()
        self.drain(self.worker.streams)
        status = job.ending or ("error" if message.get("error") else "ok")
        self.finish(job, status, error=message.get("error"), kept=True)
        self.rest()

    def rest(self):
        """Between calls nothing of it runs, its threads included."""
        if self.worker is not None and self.worker.ready and not self.worker.stopped:
            os.kill(self.worker.pid, signal.SIGSTOP)
            self.worker.stopped = True

    def worker_died(self, status):
        worker, job = self.worker, self.job
        during = job is not None and job.process is None
        if during:
            self.drain(worker.streams)
        for fd in (worker.result_r, *worker.streams):
            if fd in self.selector.get_map():
                self.selector.unregister(fd)
        worker.close()
        self.worker = None
        if not worker.ready and not during:
            say(ev="ready")
        if during:
            self.kill_others()
            self.finish(job, job.ending or "died", error=how(status), kept=False)
            self.lost_state = False
        else:
            self.lost_state = True

    # Commands

    def begin_command(self, job):
        self.job = job
        try:
            job.process = subprocess.Popen(
                ["/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh", "-c",
                 job.request["command"]],
                cwd=DATA,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self.finish(job, "error", error=str(error), kept=True)
            return
        for file, name in ((job.process.stdout, "stdout"), (job.process.stderr, "stderr")):
            os.set_blocking(file.fileno(), False)
            job.streams[file.fileno()] = name
            self.selector.register(file.fileno(), selectors.EVENT_READ, self.read_command)

    def read_command(self, fd):
        data = read_some(fd)
        if data == b"":
            self.selector.unregister(fd)
        elif data:
            self.job.texts.feed(self.job.streams[fd], data)

    def command_ended(self, status):
        job = self.job
        self.drain(job.streams)
        self.kill_others()
        self.drain(job.streams)
        for fd in job.streams:
            if fd in self.selector.get_map():
                self.selector.unregister(fd)
        job.process.stdout.close()
        job.process.stderr.close()
        code = os.waitstatus_to_exitcode(status)
        job.process.returncode = code
        self.finish(job, job.ending or "ok", exit_code=code if code >= 0 else 128 - code, kept=True)

    # Ends

    def interrupt(self, job, why, grace):
        if job.ending is None or why == "stopped":
            job.ending = why
        if job.process is not None:
            self.kill_others()
            return
        if not job.sent or self.worker is None:
            self.kill_all()
            return
        job.kill_at = time.monotonic() + grace
        try:
            os.kill(self.worker.pid, signal.SIGINT)
        except ProcessLookupError:
            pass

    def kill_others(self):
        """Ends all but the agent and the process that keeps a container's variables."""
        keep = {1, os.getpid()}
        if self.worker is not None:
            keep.add(self.worker.pid)
        for round in range(20):
            others = [pid for pid in processes() if pid not in keep and alive(pid)]
            if not others:
                return
            for pid in others:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            time.sleep(0.0002 * (round + 1))
        self.kill_all()

    def kill_all(self):
        # At once, in the kernel: nothing can be forked away meanwhile.
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self.job is not None:
            self.job.kill_at = time.monotonic() + 0.05

    def finish(self, job, status, **more):
        job.texts.close()
        self.job = None
        say(id=job.id, ev="done", status=status, dropped=job.texts.dropped,
            restarted=self.lost_state, **more)
        self.lost_state = False

    def drain(self, streams):
        until = time.monotonic() + 0.5
        for fd, name in streams.items():
            while time.monotonic() < until:
                data = read_some(fd)
                if not data:
                    break
                self.job.texts.feed(name, data)


def how(status):
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return "the Python process was ended by " + signal.Signals(-code).name
    return "the Python process ended with exit code %d" % code


def read_some(fd):
    """Bytes, b"" at the end, None if there are none now."""
    try:
        return os.read(fd, PIECE)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


def used_memory():
    """Bytes of all processes; what they share counts once for each."""
    pages = 0
    for pid in processes():
        try:
            with open("/proc/%d/statm" % pid, "rb") as file:
                fields = file.read().split()
            pages += int(fields[1]) - int(fields[2])
        except (OSError, IndexError):
            pass
    use = os.statvfs(DATA)
    return pages * resource.getpagesize() + (use.f_blocks - use.f_bfree) * use.f_frsize


# Files: each request stands for itself, so that nothing is left open between them.


def place(request):
    path = os.path.normpath(os.path.join(DATA, request["path"]))
    if not path.startswith(DATA + "/"):
        raise OSError(0, "the path leads out of " + DATA)
    return path


def regular(path, flags):
    fd = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(0, "it is no regular file")
    return fd


def write(request):
    path = place(request)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    first = request["offset"] == 0
    fd = regular(path, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if first else 0))
    try:
        data = base64.b64decode(request["data"])
        done = 0
        while done < len(data):
            done += os.pwrite(fd, data[done:], request["offset"] + done)
    finally:
        os.close(fd)
    return {}


def read(request):
    fd = regular(place(request), os.O_RDONLY)
    try:
        data = os.pread(fd, request["length"], request["offset"])
        return {"data": base64.b64encode(data).decode(), "size": os.fstat(fd).st_size}
    finally:
        os.close(fd)


def delete(request):
    os.unlink(place(request))
    return {}


def listing(request):
    found = []
    whole = True
    for folder, folders, names in os.walk(DATA):
        if folder.count("/") - DATA.count("/") >= MAX_DEPTH:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            about = os.lstat(path)
            if not stat.S_ISREG(about.st_mode):
                continue
            if len(found) >= MAX_FILES:
                whole = False
                break
            found.append([path[len(DATA) + 1:].encode("utf-8", "replace").decode("utf-8"),
                          about.st_size, about.st_mtime_ns // 1_000_000])
    return {"files": found, "whole": whole}


FILES = {"write": write, "read": read, "delete": delete, "list": listing}


def limit(which, value):
    resource.setrlimit(which, (value, value))


def main():
    options = json.loads(sys.argv[1])
    null = os.open("/dev/null", os.O_WRONLY)
    os.dup2(null, 2)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NPROC, options["processes"])
    limit(resource.RLIMIT_NOFILE, options["open_files"])
    limit(resource.RLIMIT_FSIZE, options["disk"])
    limit(resource.RLIMIT_MEMLOCK, 1 << 16)
    limit(resource.RLIMIT_MSGQUEUE, 1 << 16)
    if options.get("watch_memory"):
        limit(resource.RLIMIT_DATA, options["memory"])
    font_cache = "/opt/packages/matplotlib-cache"
    if os.path.isdir(font_cache):
        shutil.copytree(font_cache, os.environ["MPLCONFIGDIR"])
    os.chdir(DATA)
    say(ev="hello")
    Agent(options).run()


if __name__ == "__main__":
    main()
