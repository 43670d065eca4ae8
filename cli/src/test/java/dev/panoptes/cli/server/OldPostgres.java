package dev.panoptes.cli.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of a PostgreSQL server as it takes to say of which version it is: the frontend/backend protocol 3.0 up to the first
 * query, which it answers with nothing. No release that old is installed anywhere.
 */
final class OldPostgres implements AutoCloseable {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String version;

    OldPostgres(String version) throws IOException {
        this.version = version;
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (SocketException e) {
            // Closed: the test is over.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "postgres://someone:secret@127.0.0.1:" + listener.getLocalPort() + "/old";
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            int length = in.readInt();
            int code = in.readInt();
            while (code == SSL_REQUEST || code == GSS_REQUEST) {
                out.writeByte('N');
                length = in.readInt();
                code = in.readInt();
            }
            in.skipNBytes(length - 8L);
            message(out, 'R', new byte[4]);
            for (String[] each : new String[][] {
                {"server_version", version},
                {"client_encoding", "UTF8"},
                {"DateStyle", "ISO, MDY"},
                {"TimeZone", "UTC"},
                {"integer_datetimes", "on"},
                {"standard_conforming_strings", "on"}
            }) {
                message(out, 'S', (each[0] + "\0" + each[1] + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            message(out, 'Z', new byte[] {'I'});
            queries(in, out);
        } catch (EOFException | SocketException e) {
            // The caller has heard enough.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void queries(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            in.skipNBytes(in.readInt() - 4L);
            switch (type) {
                case 'P' -> message(out, '1', new byte[0]);
                case 'B' -> message(out, '2', new byte[0]);
                case 'D' -> message(out, 'n', new byte[0]);
                case 'E' -> message(out, 'C', "SET\0".getBytes(StandardCharsets.US_ASCII));
                case 'S' -> message(out, 'Z', new byte[] {'I'});
                case 'Q' -> {
                    message(out, 'C', "SET\0".getBytes(StandardCharsets.US_ASCII));
                    message(out, 'Z', new byte[] {'I'});
                }
                case 'X' -> {
                    return;
                }
                default -> throw new IOException("message " + (char) type + " is not expected");
            }
        }
    }

    private static void message(DataOutputStream out, char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + 4);
        out.write(body);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
