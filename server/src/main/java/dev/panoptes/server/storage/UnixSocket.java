package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Socket} over a Unix socket, as far as the JDBC driver uses one. The channel stays non-blocking and waits in a
 * selector, which parks a virtual thread instead of pinning its carrier and is the only way to a read timeout here.
 *
 * <p>One thread reads and one writes at a time; {@link #close} may come from any.
 */
final class UnixSocket extends Socket {
    private final Path path;
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private @Nullable Connection connection;
    private volatile int timeoutMillis;
    private volatile boolean closed;

    private record Connection(SocketChannel channel, Selector readable, Selector writable) {}

    UnixSocket(Path path) {
        this.path = path;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /** Connecting to a Unix socket succeeds or fails at once: the timeout has nothing to bound. */
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.configureBlocking(false);
            Selector readable = Selector.open();
            Selector writable = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            channel.register(writable, SelectionKey.OP_WRITE);
            connection = new Connection(channel, readable, writable);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InputStream getInputStream() {
        return new Input();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Output();
    }

    private Connection open() throws SocketException {
        if (closed || connection == null) {
            throw new SocketException("the socket is closed");
        }
        return Objects.requireNonNull(connection);
    }

    private int read(ByteBuffer target) throws IOException {
        Connection open = open();
        int read = open.channel().read(target);
        long end = System.nanoTime() + timeoutMillis * 1_000_000L;
        while (read == 0 && target.hasRemaining()) {
            long wait = timeoutMillis == 0 ? 0 : (end - System.nanoTime() + 999_999) / 1_000_000;
            if (wait < 0 || (timeoutMillis != 0 && wait == 0)) {
                throw new SocketTimeoutException("nothing came within " + timeoutMillis + " ms");
            }
            await(open.readable(), wait);
            read = open.channel().read(target);
        }
        return read;
    }

    private void write(ByteBuffer source) throws IOException {
        Connection open = open();
        while (source.hasRemaining()) {
            if (open.channel().write(source) == 0) {
                await(open.writable(), 0);
            }
        }
    }

    private void await(Selector selector, long millis) throws IOException {
        selector.select(millis);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            // A selector would return at once from now on; the protocol cannot go on half-way.
            close();
            throw new SocketException("interrupted");
        }
        if (closed) {
            throw new SocketException("the socket is closed");
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        Connection open = connection;
        if (open != null) {
            try (SocketChannel channel = open.channel();
                    Selector readable = open.readable();
                    Selector writable = open.writable()) {
                // Wakes whoever waits in one of them, to find the socket closed.
                readable.wakeup();
                writable.wakeup();
                channel.shutdownOutput();
            } catch (java.nio.channels.ClosedChannelException e) {
                return; // Closed before: all is done.
            }
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isConnected() {
        return connection != null;
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    // What a Unix socket has no use for; the driver sets them all the same.

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public int getSendBufferSize() {
        return 1 << 16;
    }

    @Override
    public int getReceiveBufferSize() {
        return 1 << 16;
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            one.clear();
            return UnixSocket.this.read(one) < 0 ? -1 : one.get(0) & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return UnixSocket.this.read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            UnixSocket.this.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            UnixSocket.this.write(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }
}
