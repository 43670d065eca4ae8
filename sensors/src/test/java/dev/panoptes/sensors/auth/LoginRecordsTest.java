package dev.panoptes.sensors.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.sensors.replay.LoginRecord;
import dev.panoptes.sensors.replay.Replayed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout is that of utmp(5) and of glibc's bits/utmp.h. */
class LoginRecordsTest {
    private static byte[] record(int size, int type, String line, String user, String host, int... address) {
        ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        record.putShort(0, (short) type).putInt(4, 4711);
        record.put(8, line.getBytes(StandardCharsets.UTF_8));
        record.put(44, user.getBytes(StandardCharsets.UTF_8));
        record.put(76, host.getBytes(StandardCharsets.UTF_8));
        if (size == 400) {
            record.putLong(344, 1_700_000_000).putLong(352, 250_000);
        } else {
            record.putInt(340, 1_700_000_000).putInt(344, 250_000);
        }
        for (int i = 0; i < address.length; i++) {
            record.put((size == 400 ? 360 : 348) + i, (byte) address[i]);
        }
        return record.array();
    }

    private static byte[] all(byte[]... records) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.writeBytes(record);
        }
        return all.toByteArray();
    }

    private static Replayed replay(byte[]... records) {
        return Replayed.of("auth", new AuthFeed(), all(records));
    }

    @ParameterizedTest
    @ValueSource(ints = {384, 400})
    void tellsWhoCameAndWent(int size) {
        Replayed replayed = replay(
                record(size, 2, "~", "reboot", "6.1.0"),
                record(size, 6, "tty1", "LOGIN", ""),
                record(size, 7, "pts/0", "alice", "host.example.org", 192, 0, 2, 9),
                record(size, 7, ":0", "bob", ":0"),
                record(size, 7, "pts/1", "carol", "2001:db8::1"),
                record(size, 8, "pts/0", "", ""),
                record(size, 8, "pts/7", "", ""),
                record(size, 6, "ssh:notty", "mallory", "198.51.100.7"));

        assertThat(replayed.result().line()).isEqualTo("replayed 8 records, 5 events, 0 malformed, 0 lost");
        assertThat(replayed.texts("event.action")).containsExactly("login", "login", "login", "logout", "login_failed");
        assertThat(replayed.texts("user.name")).containsExactly("alice", "bob", "carol", "alice", "mallory");
        assertThat(replayed.texts("source.ip")).containsExactly("192.0.2.9", "-", "2001:db8::1", "-", "198.51.100.7");
        assertThat(replayed.texts("source.domain")).containsOnly("-");
        assertThat(replayed.texts("auth.tty")).containsExactly("pts/0", "-", "pts/1", "pts/0", "-");
        assertThat(replayed.texts("event.provider")).containsExactly("wtmp", "wtmp", "wtmp", "wtmp", "btmp");
        assertThat(replayed.texts("@timestamp")).containsOnly("2023-11-14T22:13:20.250Z");
        assertThat(replayed.texts("log.offset").getFirst()).isEqualTo(Integer.toString(2 * size));
    }

    @Test
    void countsWhatIsNone() {
        byte[] good = record(384, 7, "pts/0", "alice", "");
        byte[] odd = record(384, 7, "pts/0", "al\nice", "");
        byte[][] many = Stream.concat(Stream.generate(() -> good).limit(20), Stream.of(odd, Arrays.copyOf(good, 100)))
                .toArray(byte[][]::new);

        assertThat(replay(many).result().line()).isEqualTo("replayed 22 records, 20 events, 2 malformed, 0 lost");
        assertThat(LoginRecord.size(new byte[4096], 4096)).isZero();
        assertThat(LoginRecord.size("Jan  1 00:00:00 h x: y\n".repeat(100).getBytes(StandardCharsets.UTF_8), 2000))
                .isZero();
        assertThat(List.of(LoginRecord.size(good, 383), LoginRecord.size(good, 384)))
                .containsExactly(0, 384);
    }
}
