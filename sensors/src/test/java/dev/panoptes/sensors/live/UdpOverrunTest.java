package dev.panoptes.sensors.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Loss;
import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.Output;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** More datagrams than the kernel keeps for a sensor that is busy. */
class UdpOverrunTest {
    private static final int SENT = 20_000;

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch busy = new CountDownLatch(1);

    private final class Waiting implements Feed {
        @Override
        public void datagram(Datagram datagram, Output out) {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.event(Event.builder().put("@timestamp", datagram.time()));
        }
    }

    private final class Counting implements EventSink {
        @Override
        public void event(Event.Builder event) {
            taken.incrementAndGet();
        }

        @Override
        public void lost(Loss reason, String provider, long count) {
            assertThat(reason).isEqualTo(Loss.KERNEL_OVERFLOW);
            lost.addAndGet(count);
        }

        @Override
        public void malformed(String provider, long count) {
            throw new AssertionError("nothing is malformed");
        }

        @Override
        public void position(String source, String position) {
            throw new AssertionError("a socket has no position");
        }

        @Override
        public void flush() {
            // nothing is held
        }
    }

    @Test
    void whatTheKernelDropsIsToldAndNothingTwice() throws IOException, InterruptedException {
        try (UdpListener listener = new UdpListener(
                        "test", List.of("127.0.0.1:0"), new Waiting(), InstantSource.system(), new Counting());
                DatagramSocket socket = new DatagramSocket()) {
            DatagramPacket packet =
                    new DatagramPacket(new byte[1000], 1000, listener.bound().getFirst());
            for (int i = 0; i < SENT; i++) {
                socket.send(packet);
            }
            busy.countDown();
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (taken.get() + lost.get() < SENT && System.nanoTime() < end) {
                listener.collect(new Cycle(1, Instant.EPOCH));
                LockSupport.parkNanos(10_000_000);
            }
            listener.collect(new Cycle(2, Instant.EPOCH));
            assertThat(lost).hasPositiveValue();
            assertThat(taken.get() + lost.get()).isEqualTo(SENT);
        }
    }
}
