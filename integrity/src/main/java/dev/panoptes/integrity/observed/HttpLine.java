package dev.panoptes.integrity.observed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The way to one agent: requests one after another, each over a connection of its own, straight on a socket: no pool, no
 * redirect, no cookie, no proxy, no second resolution, and one deadline for all of them. For one thread.
 */
final class HttpLine {
    private final ProbeTarget target;
    private final InetAddress address;
    private final @Nullable SSLSocketFactory tls;
    private final Watchdog watchdog;
    private final long start = System.nanoTime();
    private final long end;
    private boolean connected;

    /**
     * The deadline begins to run.
     *
     * @param tls null where the target speaks plain HTTP
     * @param watchdog closes what is still open at the deadline
     */
    HttpLine(ProbeTarget target, InetAddress address, @Nullable SSLSocketFactory tls, Watchdog watchdog) {
        this.target = target;
        this.address = address;
        this.tls = tls;
        this.watchdog = watchdog;
        this.end = start + target.timeout().toNanos();
    }

    /**
     * What to send.
     *
     * @param path begins with {@code /}; visible ASCII without blanks
     * @param fields beside those that every request has; visible ASCII
     * @param body empty for none
     * @param enough told what has come of a body that ends when it ends; once it agrees, the rest is not waited for
     */
    record Request(String method, String path, Map<String, String> fields, byte[] body, Predicate<byte[]> enough) {
        @SuppressWarnings("ArrayRecordComponent") // written once, read once
        Request {}

        static Request get(String path, Map<String, String> fields) {
            return new Request("GET", path, fields, new byte[0], _ -> false);
        }
    }

    ProbeTarget target() {
        return target;
    }

    /** Whether a connection was accepted, so that something listens. */
    boolean isConnected() {
        return connected;
    }

    boolean isExpired() {
        return System.nanoTime() - end >= 0;
    }

    /** Since the line was made. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** What is said over one connection. */
    interface Conversation<T> {
        T hold(InputStream in, OutputStream out) throws IOException;
    }

    HttpAnswer send(Request request) throws IOException {
        return converse("http/1.1", (in, out) -> exchange(request, in, out));
    }

    /** @param protocol by which it is offered in a TLS handshake (RFC 7301) */
    <T> T converse(String protocol, Conversation<T> conversation) throws IOException {
        return tls == null ? converseOpenly(conversation) : converseSecurely(protocol, conversation, tls);
    }

    /** On a channel that blocks: half the system calls of a socket with timeouts. */
    private <T> T converseOpenly(Conversation<T> conversation) throws IOException {
        remainingMillis(end);
        // Of both families where it must be: such a socket costs a call more.
        try (SocketChannel channel = address instanceof Inet4Address
                ? SocketChannel.open(StandardProtocolFamily.INET)
                : SocketChannel.open()) {
            watchdog.watch(channel, end);
            try {
                connect(channel);
                ChannelStreams streams = new ChannelStreams(channel, end);
                return conversation.hold(streams.in(), streams.out());
            } finally {
                watchdog.forget(channel);
            }
        }
    }

    private void connect(SocketChannel channel) throws IOException {
        try {
            channel.connect(new InetSocketAddress(address, target.port()));
        } catch (ClosedChannelException e) {
            throw ChannelStreams.told(e, end);
        }
        connected = true;
    }

    private <T> T converseSecurely(String protocol, Conversation<T> conversation, SSLSocketFactory factory)
            throws IOException {
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(address, target.port()), remainingMillis(end));
            connected = true;
            watchdog.watch(socket, end);
            try (SSLSocket secure = (SSLSocket) factory.createSocket(socket, target.host(), target.port(), true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setApplicationProtocols(new String[] {protocol});
                secure.setSSLParameters(parameters);
                secure.setSoTimeout(remainingMillis(end));
                secure.startHandshake();
                return conversation.hold(
                        new TimedInput(secure.getInputStream(), socket, end), secure.getOutputStream());
            } finally {
                watchdog.forget(socket);
            }
        }
    }

    private HttpAnswer exchange(Request request, InputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder(request.method() + " " + request.path() + " HTTP/1.1\r\nHost: "
                + target.authority() + "\r\nUser-Agent: panoptes\r\nAccept-Encoding: identity\r\n");
        request.fields()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (request.body().length > 0) {
            head.append("Content-Length: ").append(request.body().length).append("\r\n");
        }
        byte[] start = head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[start.length + request.body().length];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(request.body(), 0, bytes, start.length, request.body().length);
        out.write(bytes);
        return new HttpAnswerReader(in, request.enough()).read();
    }

    /** Gives every read only the time that is left, so that a slow drip cannot outlast the deadline. */
    private static final class TimedInput extends InputStream {
        private final InputStream in;
        /** The plain one below, whose read timeout counts. */
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
}
