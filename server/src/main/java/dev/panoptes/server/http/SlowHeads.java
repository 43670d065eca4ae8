package dev.panoptes.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts connections that take for ever to say what they want: the head of a request must be whole so long after its first byte,
 * and a new connection must have sent one within three times that. Jetty's own idle timeout begins anew with every byte.
 */
final class SlowHeads implements Connection.Listener, HttpConfiguration.Customizer {
    private static final int LOOKS = 5;
    private static final int FIRST = 3;

    private final long patience;
    private final Map<Connection, Waiting> waiting = new ConcurrentHashMap<>();

    /** @param patience for one head */
    SlowHeads(Duration patience) {
        this.patience = patience.toNanos();
    }

    /**
     * A connection that is not at work on a request.
     *
     * @param since the connection was opened, or its last request answered
     * @param bytes that it had sent by then
     * @param firstByte when more of them were seen; 0 before
     * @param fresh true before its first request
     */
    private record Waiting(long since, long bytes, long firstByte, boolean fresh) {}

    /** Looks again and again until the scheduler stops. */
    void watch(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    look(System.nanoTime());
                    if (scheduler.isRunning()) {
                        watch(scheduler);
                    }
                },
                Math.max(patience / LOOKS, TimeUnit.MILLISECONDS.toNanos(10)),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        // Within TLS there is one connection in another; the inner one tells of both.
        if (!(connection instanceof SslConnection)) {
            waiting.put(connection, new Waiting(System.nanoTime(), 0, 0, true));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    /** A head is whole: from here on the deadlines of bodies and handlers count. */
    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        Connection connection = request.getConnectionMetaData().getConnection();
        waiting.remove(connection);
        Request.addCompletionListener(request, _ -> {
            if (connection.getEndPoint().isOpen()) {
                waiting.put(connection, new Waiting(System.nanoTime(), connection.getBytesIn(), 0, false));
                if (!connection.getEndPoint().isOpen()) {
                    waiting.remove(connection);
                }
            }
        });
        return request;
    }

    private void look(long now) {
        waiting.forEach((connection, before) -> {
            boolean speaks = connection.getBytesIn() > before.bytes();
            if (before.firstByte() != 0 && now - before.firstByte() > patience) {
                connection.getEndPoint().close();
            } else if (before.fresh() && now - before.since() > FIRST * patience) {
                connection.getEndPoint().close();
            } else if (speaks && before.firstByte() == 0) {
                waiting.replace(connection, before, new Waiting(before.since(), before.bytes(), now, before.fresh()));
            }
        });
    }
}
