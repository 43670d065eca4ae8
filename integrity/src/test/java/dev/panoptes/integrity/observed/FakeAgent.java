package dev.panoptes.integrity.observed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A program on a real port that answers as it is told, and remembers what it was asked. */
public final class FakeAgent implements AutoCloseable {
    private final ServerSocket socket;
    private final Behaviour behaviour;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What it does with one connection, after it has read the request. */
    public interface Behaviour {
        void answer(Socket connection, OutputStream out) throws IOException;
    }

    public FakeAgent(Behaviour behaviour) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), behaviour);
    }

    public FakeAgent(ServerSocket socket, Behaviour behaviour) {
        this.socket = socket;
        this.behaviour = behaviour;
        Thread.ofVirtual().name("agent-" + socket.getLocalPort()).start(this::serve);
    }

    /** Answers with status 200 and this body. */
    public static FakeAgent json(String body) throws IOException {
        return raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    /** Answers with exactly this and closes. */
    public static FakeAgent raw(String answer) throws IOException {
        return new FakeAgent((connection, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The heads of all requests. */
    List<String> requests() {
        return requests;
    }

    /** Waits, as a slow program does, unless the other side closes before. */
    public static void linger(Socket connection, int millis) throws IOException {
        connection.setSoTimeout(millis);
        try {
            if (connection.getInputStream().read() < 0) {
                throw new IOException("the other side has gone");
            }
        } catch (SocketTimeoutException e) {
            // the time is over
        }
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            requests.add(head.toString());
            behaviour.answer(connection, connection.getOutputStream());
        } catch (IOException e) {
            // the probe hung up, as it may
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
