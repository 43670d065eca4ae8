import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Heartbeats of agents bench-000001 to COUNT, with as little work for this machine as can be:
 * {@code java Beats.java URL SECRET_FILE COUNT CONNECTIONS}. Each line of standard input, {@code RATE SECONDS}, is a run at so many
 * beats a second (0: as fast as the connections can), answered by {@code DONE FAILED SECONDS P50 P99 WORST}, in milliseconds from
 * when each beat was due.
 */
final class Beats {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final URI url;
    private final byte[][] requests;
    private final int connections;

    private Beats(URI url, byte[] secret, int agents, int connections) throws GeneralSecurityException {
        this.url = url;
        this.requests = new byte[agents][];
        this.connections = connections;
        for (int i = 0; i < agents; i++) {
            requests[i] = request(url, secret, i + 1);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        byte[] secret = Files.readString(Path.of(arguments[1])).strip().getBytes(StandardCharsets.UTF_8);
        Beats beats = new Beats(
                URI.create(arguments[0]), secret, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.strip().split(" ");
            System.out.println(beats.run(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
        }
    }

    private final class Line implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] head = new byte[16 << 10];

        Line() throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
            out = socket.getOutputStream();
        }

        /** @return the status */
        int send(byte[] request) throws IOException {
            out.write(request);
            int length = 0;
            while (true) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("closed");
                }
                head[length++] = (byte) next;
                if (length > 3 && next == '\n' && head[length - 3] == '\n') {
                    break;
                }
            }
            String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            Matcher matcher = LENGTH.matcher(text);
            if (matcher.find()) {
                in.readNBytes(Integer.parseInt(matcher.group(1)));
            }
            return Integer.parseInt(text.substring(9, 12));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** An access token as the server makes them (HS256), so that nobody waits until all have asked for one. */
    private static String token(byte[] secret, String id) throws GeneralSecurityException {
        long now = System.currentTimeMillis() / 1000;
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String text = encoder.encodeToString("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(("{\"agent_id\":\"" + id + "\",\"gen\":1,\"iat\":" + now + ",\"exp\":" + (now + 3600) + "}")
                        .getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return text + "." + encoder.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] request(URI url, byte[] secret, int number) throws GeneralSecurityException {
        String id = String.format("bench-%06d", number);
        String body = "{\"status\":\"running\",\"boot_id\":\"boot-1\",\"host\":\"host-" + number
                + "\",\"resources\":{\"cpu\":12.5,\"memory\":31.0,\"disk\":40.0}}";
        return ("POST /api/v1/agents/" + id + "/heartbeat HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer "
                        + token(secret, id) + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private interface Work {
        void on(Line line) throws IOException, InterruptedException;
    }

    private void each(int count, Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (Line line = new Line()) {
                    work.on(line);
                } catch (IOException | InterruptedException e) {
                    System.err.println(e);
                    System.exit(1);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private String run(double rate, double seconds) throws InterruptedException {
        int most = (int) (rate > 0 ? rate * seconds : 40_000 * seconds) + 1;
        int[] took = new int[most];
        AtomicInteger turn = new AtomicInteger();
        AtomicLong failed = new AtomicLong();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        each(connections, line -> {
            while (true) {
                int mine = turn.getAndIncrement();
                if (mine >= most) {
                    return;
                }
                long due = rate > 0 ? start + (long) (mine / rate * 1e9) : System.nanoTime();
                if (due >= end) {
                    return;
                }
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (line.send(requests[mine % requests.length]) != 200) {
                    failed.incrementAndGet();
                }
                took[mine] = (int) Math.max(1, (System.nanoTime() - due) / 1000);
            }
        });
        double all = (System.nanoTime() - start) / 1e9;
        int[] sorted = Arrays.stream(took).filter(each -> each > 0).sorted().toArray();
        return sorted.length + " " + failed + " " + String.format(java.util.Locale.ROOT, "%.2f", all) + " "
                + at(sorted, 0.5) + " " + at(sorted, 0.99) + " " + at(sorted, 1);
    }

    private static String at(int[] sorted, double share) {
        return sorted.length == 0
                ? "0"
                : String.format(java.util.Locale.ROOT, "%.1f", sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1000.0);
    }
}
