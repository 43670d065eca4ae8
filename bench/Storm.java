import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An attack, for so many seconds: {@code java Storm.java URL LOGINS TOKENS_A_SECOND SECONDS}. Each of LOGINS addresses of the
 * loopback network tries one wrong password after the other; 64 connections from eight more send tokens that nobody was
 * given, each another one and of the right form, at a fixed rate.
 * Prints what was answered how often.
 */
final class Storm {
    private static final int TOKEN_SENDERS = 64;

    private static final Map<String, AtomicLong> ANSWERS = new TreeMap<>();

    public static void main(String[] arguments) throws InterruptedException {
        URI url = URI.create(arguments[0]);
        int logins = Integer.parseInt(arguments[1]);
        int tokens = Integer.parseInt(arguments[2]);
        long end = System.nanoTime() + Integer.parseInt(arguments[3]) * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < logins; i++) {
            String address = "127.1.0." + (i + 1);
            String body = "{\"name\": \"user-" + i + "\", \"password\": \"wrong wrong wrong\"}";
            String request =
                    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body;
            // Whoever is told to come back later, waits a little: else this measures how fast one says no.
            threads.add(Thread.ofVirtual().start(() -> send(url, address, "login", _ -> request, 100_000_000L, end)));
        }
        for (int i = 0; i < TOKEN_SENDERS; i++) {
            String address = "127.2.0." + (i % 8 + 1);
            int sender = i;
            long pause = TOKEN_SENDERS * 1_000_000_000L / Math.max(tokens, 1);
            if (tokens > 0) {
                threads.add(Thread.ofPlatform()
                        .start(() -> send(
                                url,
                                address,
                                "token",
                                n -> "GET /status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                        + "pnt_%02dx%040d".formatted(sender, n) + "\r\n\r\n",
                                pause,
                                end)));
            }
        }
        for (Thread each : threads) {
            each.join();
        }
        ANSWERS.forEach((what, count) -> System.out.print(what + "=" + count + " "));
        System.out.println();
    }

    private interface Requests {
        String number(long n);
    }

    /** @param pause nanoseconds from one request to the next, or as long as the answer takes */
    private static void send(URI url, String from, String what, Requests requests, long pause, long end) {
        long n = 0;
        long due = System.nanoTime();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(url.getHost(), url.getPort(), InetAddress.getByName(from), 0)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(30_000);
                OutputStream out = socket.getOutputStream();
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (System.nanoTime() < end) {
                    out.write(requests.number(n++).getBytes(StandardCharsets.US_ASCII));
                    count(what + " " + status(in));
                    due = Math.max(due + pause, System.nanoTime() - 100_000_000L);
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                }
            } catch (IOException e) {
                count(what + " " + e.getMessage());
                LockSupport.parkNanos(10_000_000L);
            }
        }
    }

    private static void count(String what) {
        AtomicLong counter;
        synchronized (ANSWERS) {
            counter = ANSWERS.computeIfAbsent(what, _ -> new AtomicLong());
        }
        counter.incrementAndGet();
    }

    /** Reads one answer to its end. */
    private static String status(InputStream in) throws IOException {
        String first = line(in);
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return first.split(" ")[1];
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
