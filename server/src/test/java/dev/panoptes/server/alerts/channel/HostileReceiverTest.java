package dev.panoptes.server.alerts.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Receivers that hang, close early, drip or never end their answer: each is a failure within a bounded time, and none holds another up. */
class HostileReceiverTest {
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n".getBytes(StandardCharsets.US_ASCII);

    private interface Answer {
        void give(Socket caller) throws IOException;
    }

    /** Answers every caller in its own way, on a thread of its own. */
    private record Hostile(ServerSocket socket) implements AutoCloseable {
        static Hostile with(Answer answer) throws IOException {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket caller = socket.accept();
                        Thread.ofVirtual().start(() -> serve(caller, answer));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            return new Hostile(socket);
        }

        private static void serve(Socket caller, Answer answer) {
            try (caller) {
                caller.getInputStream().read(new byte[4_096]);
                answer.give(caller);
            } catch (IOException e) {
                // The caller has had enough, which is what the test is about.
                assertThat(e).isNotNull();
            }
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/hook");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void hang(Socket caller) throws IOException {
        while (caller.getInputStream().read() >= 0) {
            // It takes everything and says nothing.
        }
    }

    private static void drip(Socket caller) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write(HEAD);
        out.write("Content-Length: 100000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
            out.write('x');
            out.flush();
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static void dripItsHead(Socket caller) throws IOException {
        OutputStream out = caller.getOutputStream();
        for (byte each : HEAD) {
            out.write(each);
            out.flush();
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        }
    }

    private static void endless(Socket caller) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write(HEAD);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] much = new byte[1 << 16];
        Arrays.fill(much, (byte) 'x');
        while (true) {
            out.write(much);
        }
    }

    private static void closeEarly(Socket caller) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write(HEAD);
        out.write("Content-Length: 10\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void noHttp(Socket caller) throws IOException {
        caller.getOutputStream().write("220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void eachIsAFailureWithinABoundedTimeAndNoneHoldsAnotherUp()
            throws IOException, InterruptedException, ExecutionException {
        List<Answer> ways = List.of(
                HostileReceiverTest::hang,
                HostileReceiverTest::drip,
                HostileReceiverTest::dripItsHead,
                HostileReceiverTest::endless,
                HostileReceiverTest::closeEarly,
                HostileReceiverTest::noHttp,
                _ -> {});
        List<Hostile> all = new ArrayList<>();
        long begin = System.nanoTime();
        try (Sender sender = new Sender();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Hostile good = Hostile.with(caller -> {
                    caller.getOutputStream().write(HEAD);
                    caller.getOutputStream().write("Content-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                })) {
            List<Future<Delivery>> sent = new ArrayList<>();
            for (Answer way : ways) {
                Hostile hostile = Hostile.with(way);
                all.add(hostile);
                sent.add(threads.submit(() -> sender.post(hostile.url(), new byte[] {'{', '}'}, Map.of())));
            }
            assertThat(sender.post(good.url(), new byte[] {'{', '}'}, Map.of())).isInstanceOf(Delivery.Sent.class);
            for (int i = 0; i < ways.size(); i++) {
                assertThat(sent.get(i).get()).as("the way numbered " + i).isInstanceOf(Delivery.Failed.class);
            }
        } finally {
            for (Hostile each : all) {
                each.close();
            }
        }
        // Ten seconds each, all at once; the rest is for a machine that is busy.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
    }
}
