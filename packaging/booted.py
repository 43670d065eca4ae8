"""A Debian tree that is booted with a systemd of its own: for systemd-test and journal-test, which run their part as a service in it."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MASKED = (
    "systemd-udevd.service systemd-udev-trigger.service systemd-udev-settle.service systemd-udevd-control.socket "
    "systemd-udevd-kernel.socket systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-tmpfiles-clean.timer "
    "systemd-tmpfiles-clean.service systemd-remount-fs.service systemd-sysctl.service systemd-binfmt.service "
    "systemd-modules-load.service systemd-random-seed.service systemd-sysusers.service dev-hugepages.mount dev-mqueue.mount "
    "sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount "
    "proc-sys-fs-binfmt_misc.automount getty.target console-getty.service apt-daily.timer apt-daily-upgrade.timer "
    "dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer"
).split()


class Unable(Exception):
    """This machine cannot, and why."""


def check():
    """@raise Unable where trees cannot be made and booted here"""
    if os.geteuid() != 0 or not shutil.which("debootstrap") or not shutil.which("unshare"):
        raise Unable("only root can boot a tree, with debootstrap and unshare")


def made(tree, packages):
    """Makes the tree where it is not there; in a mount namespace, for debootstrap mounts in it."""
    if tree.is_dir():
        return
    tree.parent.mkdir(parents=True, exist_ok=True)
    new = tree.with_name(tree.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    command = ["unshare", "--mount", "--propagation", "private", "debootstrap", "--variant=minbase", "--include=" + packages, "bookworm", str(new)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode:
        print(ended.stdout[-2000:])
        shutil.rmtree(new, ignore_errors=True)
        raise Unable("debootstrap could not make a Debian tree")
    new.rename(tree)


def copied(tree, name):
    """@return a directory with a copy of the tree in it, for the caller to remove"""
    work = pathlib.Path(tempfile.mkdtemp(prefix=f"panoptes-{name}-"))
    subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(work / "tree")], check=True)
    return work


def masked(tree):
    units = tree / "etc/systemd/system"
    for name in MASKED:
        link = units / name
        if not link.is_symlink():
            link.symlink_to("/dev/null")


def service(tree, command):
    """Has a command run once everything is up; it ends with: systemctl exit 0, and touches /out/done before."""
    units = tree / "etc/systemd/system"
    (units / "panoptes-test.service").write_text(
        f"[Unit]\nAfter=multi-user.target\n[Service]\nType=oneshot\nEnvironment=HOME=/root\nExecStart={command}\n"
        "[Install]\nWantedBy=multi-user.target\n")
    wants = units / "multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / "panoptes-test.service").symlink_to("../panoptes-test.service")


def booted(tree, name, seconds):
    """Boots the tree in a control group of its own and waits until its test has ended.

    @return what went wrong; empty where nothing did
    """
    places = [place for place in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified") if os.path.exists(place + "/cgroup.procs")]
    if not places:
        raise Unable("there is no second version of control groups here")
    group = pathlib.Path(places[0], f"panoptes-{name}-{os.getpid()}")
    try:
        group.mkdir()
    except OSError as e:
        raise Unable(f"no control group can be made here ({e.strerror})") from e

    def enter():
        (group / "cgroup.procs").write_text("0")

    try:
        with open(tree.parent / "console", "w", encoding="utf-8") as console:
            process = subprocess.Popen([str(HERE / "in-tree"), "--boot", str(tree)], stdin=subprocess.DEVNULL, stdout=console,
                                       stderr=subprocess.STDOUT, preexec_fn=enter, start_new_session=True)
            try:
                process.wait(timeout=seconds)
            finally:
                if process.poll() is None:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        pass
    finally:
        for _ in range(100):
            below = sorted(group.rglob("*"), key=lambda path: len(path.parts), reverse=True)
            try:
                for path in [path for path in below if path.is_dir()] + [group]:
                    path.rmdir()
                break
            except OSError:
                time.sleep(0.1)
    if (tree / "out/done").exists():
        return ""
    said = (tree.parent / "console").read_text(errors="replace")[-4000:]
    log = tree / "out/log"
    return said + (log.read_text(errors="replace")[-4000:] if log.exists() else "")
