package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The live host, with sockets of this very process. */
class LiveListenersTest {
    @Test
    void thisProcessOwnsItsOwnSockets() throws IOException, InterruptedException {
        try (ServerSocket ipv4 = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                ServerSocket ipv6 = new ServerSocket(0, 5, InetAddress.getByName("::1"));
                ServerSocket all = new ServerSocket()) {
            all.bind(new InetSocketAddress(0));
            Listeners.Owned one = only(ipv4.getLocalPort());
            assertThat(one.socket().address()).isEqualTo("127.0.0.1");
            assertThat(one.socket().dualStack()).isFalse();
            assertThat(one.ownerUnknown()).isNull();
            assertThat(one.owners()).hasSize(1);
            HostProcess process = one.owners().getFirst();
            assertThat(process.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(process.cwd()).isEqualTo(System.getProperty("user.dir"));
            assertThat(process.exe()).endsWith("/java");
            assertThat(process.apart()).isNull();
            assertThat(only(ipv6.getLocalPort()).socket().address()).isEqualTo("::1");
            assertThat(only(all.getLocalPort()).socket().address()).isEqualTo("::");
            assertThat(only(all.getLocalPort()).socket().dualStack()).isTrue();
        }
    }

    private static Listeners.Owned only(int port) throws InterruptedException {
        return switch (Host.live().listeners()) {
            case Listeners.Unseen(String reason) -> throw new AssertionError(reason);
            case Listeners.Seen seen -> {
                List<Listeners.Owned> found = seen.sockets().stream()
                        .filter(each -> each.socket().port() == port)
                        .toList();
                assertThat(found).hasSize(1);
                yield found.getFirst();
            }
        };
    }
}
