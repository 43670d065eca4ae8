package dev.panoptes.sensors.live;

import dev.panoptes.core.host.UdpDrops;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.Watch;
import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.SinkOutput;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Receives datagrams at one or several addresses and gives them to a feed, one thread an address. */
public final class UdpListener implements Watch {
    private static final int MOST_BYTES = 65_535;
    private static final int BUFFER = 1 << 22;
    /** What was received is told before the end. */
    private static final Duration CLOSE = Duration.ofMillis(500);

    private final Feed feed;
    private final Answerer answerer;
    private final SinkOutput out;
    private final EventSink sink;
    private final String name;
    private final InstantSource clock;
    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Datagrams that were not read because the sensor took too much; told with the next cycle. */
    private final AtomicLong dropped = new AtomicLong();

    /** By port, what was told of the kernel's drops. */
    private final Map<Integer, Long> overrun = new HashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** What is sent back to the sender of a datagram. */
    @FunctionalInterface
    public interface Answerer {
        /** Null where nothing is. */
        byte @Nullable [] answer(Datagram datagram);
    }

    /** Answers nothing. */
    public UdpListener(String name, List<String> addresses, Feed feed, InstantSource clock, EventSink sink)
            throws IOException {
        this(name, addresses, feed, clock, sink, datagram -> null);
    }

    /**
     * @param addresses {@code 127.0.0.1:2055}, {@code [::1]:2055}, {@code :2055}
     * @throws IOException where one of them cannot be bound
     */
    public UdpListener(
            String name, List<String> addresses, Feed feed, InstantSource clock, EventSink sink, Answerer answerer)
            throws IOException {
        this.answerer = answerer;
        this.feed = feed;
        this.clock = clock;
        this.out = new SinkOutput(sink, name);
        this.sink = sink;
        this.name = name;
        try {
            for (String address : addresses) {
                sockets.add(bind(address));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (DatagramSocket socket : sockets) {
            threads.add(
                    Thread.ofPlatform().daemon().name("sensor-" + name + "-udp").start(() -> receive(socket)));
        }
    }

    /** Where the sockets are bound, in the order of the addresses. */
    public List<InetSocketAddress> bound() {
        return sockets.stream()
                .map(socket -> new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()))
                .toList();
    }

    private static DatagramSocket bind(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (port < 0 || port > 65_535) {
                throw new IOException("'" + address + "' has no port from 0 to 65535");
            }
            DatagramSocket socket = new DatagramSocket(null);
            socket.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            socket.bind(
                    host.isEmpty() || host.equals("*")
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
            return socket;
        } catch (NumberFormatException e) {
            throw new IOException("'" + address + "' is no address with a port", e);
        }
    }

    private void receive(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
        InetAddress local = socket.getLocalAddress();
        while (!socket.isClosed()) {
            try {
                packet.setLength(MOST_BYTES);
                socket.receive(packet);
                if (sink.rest().isPositive()) {
                    dropped.incrementAndGet();
                    continue;
                }
                Datagram datagram = new Datagram(
                        clock.instant(),
                        packet.getAddress().getAddress(),
                        packet.getPort(),
                        local.getAddress(),
                        socket.getLocalPort(),
                        packet.getData(),
                        0,
                        packet.getLength(),
                        false);
                lock.lockInterruptibly();
                try {
                    feed.datagram(datagram, out);
                    out.endOfRecord();
                } finally {
                    lock.unlock();
                }
                // What was taken is answered only now: a sender repeats what was not.
                byte[] answer = answerer.answer(datagram);
                if (answer != null) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (SocketException e) {
                ended();
                return; // it was closed
            } catch (IOException e) {
                out.malformed();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void tellUnread() throws InterruptedException {
        long unread = dropped.getAndSet(0);
        if (unread > 0) {
            sink.lost(Loss.RATE, name, unread);
        }
    }

    /** What the kernel dropped because its queue for a socket was full. */
    private void tellOverrun() throws InterruptedException {
        for (InetSocketAddress address : bound()) {
            // A socket that was closed meanwhile has no port any more.
            long all = address.getPort() > 0 ? UdpDrops.of(address.getPort()) : 0;
            long before = overrun.getOrDefault(address.getPort(), 0L);
            if (all > before) {
                overrun.put(address.getPort(), all);
                sink.lost(Loss.KERNEL_OVERFLOW, name, all - before);
            }
        }
    }

    private void ended() {
        try {
            tellUnread();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void collect(Cycle cycle) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            feed.idle(cycle.time(), out);
            out.endOfRecord();
            tellUnread();
            tellOverrun();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
        for (Thread thread : threads) {
            try {
                thread.join(CLOSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread.interrupt();
        }
    }
}
