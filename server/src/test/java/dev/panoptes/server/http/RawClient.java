package dev.panoptes.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Writes bytes to a server and reads what comes back until it closes the connection. No client would send most of it. */
final class RawClient {
    private final String host;
    private final int port;

    RawClient(String url) {
        URI uri = URI.create(url);
        this.host = uri.getHost();
        this.port = uri.getPort();
    }

    /** @param text everything that the server said, a byte a char @param millis until it had said it */
    record Said(String text, long millis) {
        /** Of the first answer; 0 where there is none. */
        int status() {
            return text.matches("(?s)HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(text.substring(9, 12)) : 0;
        }

        /** How many answers there are. */
        int answers() {
            return text.split("HTTP/1\\.[01] (?=[2-5])", -1).length - 1;
        }
    }

    /** @param request a char a byte */
    Said send(String request) throws IOException {
        return send(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    Said send(byte[] request) throws IOException {
        long start = System.nanoTime();
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                in.transferTo(said);
            } catch (SocketException e) {
                // A server that refuses early closes while we still write: what it said before counts.
                drain(socket, said);
            }
            return new Said(said.toString(StandardCharsets.ISO_8859_1), (System.nanoTime() - start) / 1_000_000);
        }
    }

    private static void drain(Socket socket, ByteArrayOutputStream said) throws IOException {
        try {
            socket.getInputStream().transferTo(said);
        } catch (SocketException e) {
            // Reset: there was nothing left to read.
            said.flush();
        }
    }
}
