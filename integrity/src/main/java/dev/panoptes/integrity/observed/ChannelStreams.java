package dev.panoptes.integrity.observed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/** A connected channel as two streams; one that was closed because its time was over ends both with a timeout. */
final class ChannelStreams {
    private final SocketChannel channel;
    private final long end;

    /** @param end of {@link System#nanoTime}, after which somebody closes the channel */
    ChannelStreams(SocketChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    InputStream in() {
        return new In();
    }

    OutputStream out() {
        return new Out();
    }

    /** What a closed channel means: too late, interrupted, or closed by somebody else. */
    static IOException told(ClosedChannelException e, long end) {
        return !(e instanceof ClosedByInterruptException) && System.nanoTime() - end >= 0
                ? new SocketTimeoutException("the deadline has passed")
                : e;
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return channel.read(ByteBuffer.wrap(into, from, length));
            } catch (ClosedChannelException e) {
                throw told(e, end);
            }
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
            try {
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            } catch (ClosedChannelException e) {
                throw told(e, end);
            }
        }
    }
}
