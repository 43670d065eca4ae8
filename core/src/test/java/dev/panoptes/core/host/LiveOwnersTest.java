package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets of real programs on this machine. */
class LiveOwnersTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

    /** Listens on a free port of loopback, says which, and waits. */
    private static final String SERVER = """
            import socket, signal
            s = socket.create_server(("127.0.0.1", 0))
            print(s.getsockname()[1], flush=True)
            signal.pause()
            """;

    @TempDir
    Path temporary;

    private final List<Started> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Started::close);
    }

    private Started start(String... command) throws IOException {
        Started program = new Started(directory(), command);
        started.add(program);
        return program;
    }

    /** Its real path: what the kernel calls it. */
    private Path directory() throws IOException {
        return temporary.toRealPath();
    }

    private Path file(String name, String content) throws IOException {
        Path file = directory().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static List<Listeners.Owned> on(int port) throws InterruptedException {
        return switch (Host.live().listenersWithCode()) {
            case Listeners.Unseen(String reason) -> throw new AssertionError(reason);
            case Listeners.Seen seen ->
                seen.sockets().stream()
                        .filter(owned -> owned.socket().port() == port)
                        .toList();
        };
    }

    private static HostProcess owner(int port) throws InterruptedException {
        List<Listeners.Owned> owned = on(port);
        assertThat(owned).hasSize(1);
        assertThat(owned.getFirst().owners()).hasSize(1);
        return owned.getFirst().owners().getFirst();
    }

    @Test
    void aPythonScriptIsFoundBelowItsWorkingDirectory() throws IOException, InterruptedException {
        Path script = file("main.py", SERVER);
        Started program = start(PYTHON, "main.py");

        HostProcess owner = owner(program.port());

        assertThat(owner.pid()).isEqualTo(program.pid());
        assertThat(owner.parentPid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(owner.script()).isEqualTo(script.toString());
        assertThat(owner.realScript()).isEqualTo(script.toString());
        assertThat(owner.cwd()).isEqualTo(directory().toString());
        assertThat(owner.command()).containsExactly(PYTHON, "main.py");
        assertThat(owner.codeDigest()).isEqualTo(sha256(script));
        assertThat(owner.apart()).isNull();
    }

    @Test
    void aLinkedScriptIsKnownByBothNames() throws IOException, InterruptedException {
        Path real = file("releases/42/main.py", SERVER);
        Path link = Files.createSymbolicLink(directory().resolve("current"), Path.of("releases/42"));
        Started program = start(PYTHON, link + "/main.py");

        HostProcess owner = owner(program.port());

        assertThat(owner.script()).isEqualTo(link + "/main.py");
        assertThat(owner.realScript()).isEqualTo(real.toString());
    }

    @Test
    void aPythonModuleIsItsFile() throws IOException, InterruptedException {
        Path module = file("fleet/hermes/__main__.py", SERVER);
        Started program = start(PYTHON, "-u", "-m", "fleet.hermes");

        assertThat(owner(program.port()).script()).isEqualTo(module.toString());
    }

    @Test
    void codeOnTheCommandLineHasNoScript() throws IOException, InterruptedException {
        Started program = start(PYTHON, "-c", SERVER);

        HostProcess owner = owner(program.port());

        assertThat(owner.script()).isNull();
        assertThat(owner.codeDigest()).isNull();
    }

    @Test
    void aNodeScriptIsFound() throws IOException, InterruptedException {
        Path script = file("server.js", """
                const s = require('http').createServer();
                s.listen(0, () => console.log(s.address().port));
                """);
        Started program = start("node", "--no-warnings", "server.js");

        HostProcess owner = owner(program.port());

        assertThat(owner.script()).isEqualTo(script.toString());
        assertThat(owner.exe()).endsWith("/node");
    }

    @Test
    void aJarIsFound() throws IOException, InterruptedException {
        file("Serve.java", """
                public class Serve {
                    public static void main(String[] arguments) throws Exception {
                        try (var s = new java.net.ServerSocket(0)) {
                            System.out.println(s.getLocalPort());
                            System.in.read();
                        }
                    }
                }
                """);
        assertThat(start(JDK + "/javac", "Serve.java").all()).isEmpty();
        assertThat(start(JDK + "/jar", "--create", "--file", "serve.jar", "--main-class", "Serve", "Serve.class")
                        .all())
                .isEmpty();

        Started jar = start(JDK + "/java", "-XX:TieredStopAtLevel=1", "-jar", "serve.jar");
        Started type = start(JDK + "/java", "-XX:TieredStopAtLevel=1", "-cp", ".", "Serve");

        assertThat(owner(jar.port()).script()).isEqualTo(directory() + "/serve.jar");
        HostProcess owner = owner(type.port());
        assertThat(owner.script()).isEqualTo(directory() + "/Serve.class");
        assertThat(owner.codeDigest()).isEqualTo(sha256(directory().resolve("Serve.class")));
    }

    @Test
    void aShellThatGotTheSocketIsItsOwner() throws IOException, InterruptedException {
        Path script = file("hold.sh", "read line\n");
        Started program = start(PYTHON, "-c", """
                import os, socket
                s = socket.create_server(("127.0.0.1", 0))
                os.set_inheritable(s.fileno(), True)
                print(s.getsockname()[1], flush=True)
                os.execv("/bin/sh", ["sh", "hold.sh"])
                """);
        int port = program.port();

        assertThat(execDone(program, port)).isEqualTo(script.toString());
    }

    /** The program announces its port just before it becomes a shell. */
    private static String execDone(Started program, int port) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < end) {
            HostProcess owner = owner(port);
            assertThat(owner.pid()).isEqualTo(program.pid());
            if (owner.command().getFirst().equals("sh")) {
                return String.valueOf(owner.script());
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the program did not become a shell");
    }

    @Test
    void aForkedWorkerIsAnOwnerToo() throws IOException, InterruptedException {
        file("pool.py", """
                import os, signal, socket
                s = socket.create_server(("127.0.0.1", 0))
                if os.fork():
                    os.wait()
                print(s.getsockname()[1], flush=True)
                signal.pause()
                """);
        Started program = start(PYTHON, "pool.py");

        List<Listeners.Owned> owned = on(program.port());

        assertThat(owned).hasSize(1);
        assertThat(owned.getFirst().owners()).hasSize(2);
        assertThat(owned.getFirst().owners()).extracting(HostProcess::pid).contains(program.pid());
        assertThat(owned.getFirst().owners()).extracting(HostProcess::script).containsOnly(directory() + "/pool.py");
    }

    @Test
    void socketsThatShareAPortHaveTheirOwnOwners() throws IOException, InterruptedException {
        file("share.py", """
                import signal, socket, sys
                s = socket.create_server(("127.0.0.1", int(sys.argv[1])), reuse_port=True)
                print(s.getsockname()[1], flush=True)
                signal.pause()
                """);
        Started one = start(PYTHON, "share.py", "0");
        int port = one.port();
        Started two = start(PYTHON, "share.py", Integer.toString(port));
        two.line();

        List<Listeners.Owned> owned = on(port);

        assertThat(owned).hasSize(2);
        assertThat(owned.stream().map(each -> each.owners().getFirst().pid()))
                .containsExactlyInAnyOrder(one.pid(), two.pid());
    }

    @Test
    void ipv6IsToldFromDualStack() throws IOException, InterruptedException {
        file("six.py", """
                import signal, socket
                for only in 0, 1:
                    s = socket.socket(socket.AF_INET6)
                    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
                    s.bind(("::", 0))
                    s.listen()
                    globals()["keep%d" % only] = s
                    print(s.getsockname()[1], flush=True)
                signal.pause()
                """);
        Started program = start(PYTHON, "six.py");

        assertThat(on(program.port()).getFirst().socket().dualStack()).isTrue();
        assertThat(on(program.port()).getFirst().socket().dualStack()).isFalse();
    }

    @Test
    void aDeletedExecutableIsStillKnown() throws IOException, InterruptedException {
        Path program = directory().resolve("agentd");
        Files.copy(Path.of(PYTHON).toRealPath(), program, StandardCopyOption.COPY_ATTRIBUTES);
        String digest = sha256(program);
        Started agent = start(program.toString(), "-c", SERVER);
        int port = agent.port();
        Files.delete(program);

        HostProcess owner = owner(port);

        assertThat(owner.exe()).isEqualTo(program.toString());
        assertThat(owner.exeDeleted()).isTrue();
        assertThat(owner.codeDigest()).isEqualTo(digest);
    }

    @Test
    void aProcessInAnotherNetworkNamespaceIsApart() throws IOException, InterruptedException {
        Started program = start(PYTHON, "-c", """
                import ctypes, signal, socket
                s = socket.create_server(("127.0.0.1", 0))
                moved = ctypes.CDLL(None).unshare(0x40000000) == 0
                print(s.getsockname()[1] if moved else 0, flush=True)
                signal.pause()
                """);
        int port = program.port();
        assumeTrue(port != 0, "this user may not make a network namespace");

        assertThat(owner(port).apart()).isEqualTo("it runs in another network namespace");
    }

    @Test
    void socketsOfAnotherNetworkNamespaceAreNotThisHosts() throws IOException, InterruptedException {
        Started program = start(PYTHON, "-c", """
                import ctypes, signal, socket
                moved = ctypes.CDLL(None).unshare(0x40000000) == 0
                s = socket.create_server(("0.0.0.0", 0))
                print(s.getsockname()[1] if moved else 0, flush=True)
                signal.pause()
                """);
        int port = program.port();
        assumeTrue(port != 0, "this user may not make a network namespace");

        assertThat(on(port).stream().flatMap(each -> each.owners().stream()).map(HostProcess::pid))
                .doesNotContain(program.pid());
    }

    @Test
    void theSocketTablesSayTheSameAsNetlink() throws IOException, InterruptedException {
        file("main.py", SERVER);
        start(PYTHON, "main.py").line();
        List<ListeningSocket> before = new NetlinkSocketSource().listening();
        List<ListeningSocket> tables = new ProcNetSocketSource(new HostFiles(Path.of("/")), "/proc/net").listening();
        List<ListeningSocket> after = new NetlinkSocketSource().listening();

        // Others may come and go between the three looks.
        assertThat(tables.stream().map(ListeningSocket::inode))
                .containsAll(before.stream()
                        .filter(after::contains)
                        .map(ListeningSocket::inode)
                        .toList());
    }

    @Test
    void bothWalksFindTheSameHolders() throws IOException, InterruptedException {
        file("main.py", SERVER);
        Started program = start(PYTHON, "main.py");
        program.line();
        List<Long> byFiles = new ArrayList<>();
        List<Long> natively = new ArrayList<>();
        try (SocketLinks files = new FileSocketLinks(new HostFiles(Path.of("/")));
                SocketLinks calls = new NativeSocketLinks()) {
            assertThat(files.visit(program.pid(), (pid, inode) -> byFiles.add(inode)))
                    .isEqualTo(SocketLinks.Visit.SEEN);
            assertThat(calls.visit(program.pid(), (pid, inode) -> natively.add(inode)))
                    .isEqualTo(SocketLinks.Visit.SEEN);
            assertThat(calls.visit(Integer.MAX_VALUE, (pid, inode) -> natively.add(inode)))
                    .isEqualTo(SocketLinks.Visit.GONE);
        }

        assertThat(byFiles).isNotEmpty();
        assertThat(natively).containsExactlyInAnyOrderElementsOf(byFiles);
    }

    /** Looks as another user, who may see the sockets but not who holds them. */
    @Test
    void withoutPrivilegeTheOwnersAreHidden() throws IOException, InterruptedException {
        assumeTrue(Host.live().observerUid().orElse(-1) == 0, "only root can become another user");
        Path classes = directory().resolve("classes");
        Path source = Path.of(
                Host.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path tests = Path.of(LiveOwnersTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        copy(source.resolve("dev/panoptes/core"), classes.resolve("dev/panoptes/core"));
        copy(tests.resolve("dev/panoptes/core/host"), classes.resolve("dev/panoptes/core/host"));
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        file("main.py", SERVER);
        int port = start(PYTHON, "main.py").port();

        List<String> seen = start(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        JDK + "/java",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes.toString(),
                        "dev.panoptes.core.host.LookMain",
                        Integer.toString(port))
                .all();

        assertThat(seen).containsExactly("owners hidden from uid 65534", "[] owners hidden from uid 65534");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
