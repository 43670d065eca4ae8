package dev.panoptes.integrity.observed;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One GET over one connection, straight on a socket: no pool, no redirect, no cookie, no proxy, no second resolution, and
 * one deadline for the whole exchange. Safe for many threads at once.
 */
final class HttpGet implements AutoCloseable {
    /** A TLS handshake reads as often as it likes, so its deadline is a closed socket. */
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("probe-watchdog").factory());

    private static final int NONCE_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Supplier<SSLSocketFactory> secure;

    /** @param secure asked for only when an agent speaks https: the default one takes long to load */
    HttpGet(Supplier<SSLSocketFactory> secure) {
        this.secure = secure;
    }

    /** @param proof null where the answer bore no signature */
    record Asked(ProbeAnswer answer, @Nullable IdentityProof proof) {}

    Asked ask(ProbeTarget target, InetAddress address, HealthAnswerParser parser) throws InterruptedException {
        // Loading the trusted certificates takes us half a second, which is not the agent's.
        SSLSocketFactory tls = target.scheme().equals("https") ? secure.get() : null;
        long start = System.nanoTime();
        long end = start + target.timeout().toNanos();
        boolean connected = false;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, target.port()), remainingMillis(end));
            connected = true;
            String nonce = nonce();
            HttpAnswer answer = tls == null
                    ? exchange(target, nonce, socket, socket, end)
                    : exchangeSecurely(target, nonce, tls, socket, end);
            IdentityProof proof = answer instanceof HttpAnswer.Whole whole
                    ? IdentityProof.of(nonce, whole.fields().get(IdentityProof.PROOF_FIELD))
                    : null;
            return new Asked(parser.parse(answer, millisSince(start)), proof);
        } catch (SocketTimeoutException e) {
            return new Asked(late(target, connected, start), null);
        } catch (ConnectException | NoRouteToHostException e) {
            return new Asked(unconnected(address, e), null);
        } catch (SSLException e) {
            return new Asked(expired(end) ? late(target, connected, start) : insecure(e, start), null);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new Asked(expired(end) ? late(target, connected, start) : broken(e, connected, start), null);
        }
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private HttpAnswer exchangeSecurely(
            ProbeTarget target, String nonce, SSLSocketFactory factory, Socket socket, long end) throws IOException {
        ScheduledFuture<?> alarm = watchdog.schedule(
                () -> {
                    socket.close();
                    return null;
                },
                Math.max(end - System.nanoTime(), 0),
                TimeUnit.NANOSECONDS);
        try (SSLSocket tls = (SSLSocket) factory.createSocket(socket, target.host(), target.port(), true)) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.setSoTimeout(remainingMillis(end));
            tls.startHandshake();
            return exchange(target, nonce, tls, socket, end);
        } finally {
            alarm.cancel(false);
        }
    }

    /** @param plain the socket below, whose read timeout counts */
    private static HttpAnswer exchange(ProbeTarget target, String nonce, Socket socket, Socket plain, long end)
            throws IOException {
        String request = "GET " + target.path() + " HTTP/1.1\r\nHost: " + target.authority()
                + "\r\nUser-Agent: panoptes\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"
                + IdentityProof.NONCE_FIELD + ": " + nonce + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new HttpAnswerReader(new TimedInput(socket.getInputStream(), plain, end)).read();
    }

    /** Gives every read only the time that is left, so that a slow drip cannot outlast the deadline. */
    private static final class TimedInput extends InputStream {
        private final InputStream in;
        private final Socket socket;
        private final long end;

        TimedInput(InputStream in, Socket socket, long end) {
            this.in = in;
            this.socket = socket;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            socket.setSoTimeout(remainingMillis(end));
            return in.read(into, from, length);
        }
    }

    private static int remainingMillis(long end) throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return Math.toIntExact(millis);
    }

    private static boolean expired(long end) {
        return System.nanoTime() - end >= 0;
    }

    private static ProbeAnswer late(ProbeTarget target, boolean connected, long start) {
        Duration timeout = target.timeout();
        String seconds = timeout.toMillisPart() == 0
                ? timeout.toSeconds() + " s"
                : String.format(Locale.ROOT, "%.1f s", timeout.toMillis() / 1000.0);
        return new ProbeAnswer.Faulty(
                null,
                (connected ? "does not answer within " : "does not accept the connection within ") + seconds,
                connected,
                millisSince(start));
    }

    private static ProbeAnswer unconnected(InetAddress address, IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("refused")
                ? new ProbeAnswer.Refused()
                : new ProbeAnswer.NotAsked(address.getHostAddress() + " cannot be reached: " + message);
    }

    /** Before the connection stands, an error such as too many open files is ours, not the agent's. */
    private static ProbeAnswer broken(IOException e, boolean connected, long start) {
        String message = HttpAnswerReader.quote(String.valueOf(e.getMessage()));
        return connected
                ? new ProbeAnswer.Faulty(null, "breaks the connection off (" + message + ")", true, millisSince(start))
                : new ProbeAnswer.NotAsked("no connection could be made: " + message);
    }

    /** A certificate that we cannot verify is our limit; anything else is an answer that is no TLS. */
    private static ProbeAnswer insecure(SSLException e, long start) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException
                    || cause instanceof java.security.cert.CertPathValidatorException) {
                return new ProbeAnswer.NotAsked("its TLS certificate is not trusted here: "
                        + HttpAnswerReader.quote(String.valueOf(cause.getMessage())));
            }
        }
        if (String.valueOf(e.getMessage()).contains("Unsupported or unrecognized SSL message")) {
            return new ProbeAnswer.Faulty(
                    null, "does not speak TLS: its URL should begin with http://", true, millisSince(start));
        }
        return new ProbeAnswer.Faulty(
                null,
                "fails the TLS handshake (" + HttpAnswerReader.quote(String.valueOf(e.getMessage())) + ")",
                true,
                millisSince(start));
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }
}
