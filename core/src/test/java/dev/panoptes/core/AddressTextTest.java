package dev.panoptes.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "7f000001, 127.0.0.1",
        "00000000, 0.0.0.0",
        "ffffffff, 255.255.255.255",
        "00000000000000000000000000000000, ::",
        "00000000000000000000000000000001, ::1",
        "fe800000000000000000000000000001, fe80::1",
        "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
        "20010db8000100000001000100010001, 2001:db8:1:0:1:1:1:1",
        "20010db8000000010000000000000001, 2001:db8:0:1::1",
        "00010000000000000000000000000000, 1::",
        "00010002000300040005000600070008, 1:2:3:4:5:6:7:8",
        "00000000000000000000ffff7f000001, 127.0.0.1"
    })
    void addressesAreWrittenAsRfc5952Says(String hex, String text) throws UnknownHostException {
        assertThat(AddressText.of(HexFormat.of().parseHex(hex))).isEqualTo(text);
        assertThat(InetAddress.ofLiteral(text))
                .isEqualTo(InetAddress.getByAddress(HexFormat.of().parseHex(hex)));
    }

    @Test
    void everyAddressReadsBackAsItself() throws UnknownHostException {
        byte[] bytes = new byte[16];
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 2_000; i++) {
            for (int b = 0; b < 16; b++) {
                bytes[b] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : 0;
            }
            assertThat(InetAddress.ofLiteral(AddressText.of(bytes))).isEqualTo(InetAddress.getByAddress(bytes));
        }
    }

    @Test
    void aMappedAddressMayStayInItsFamily() {
        byte[] data = HexFormat.of().parseHex("ff00000000000000000000ffffc000020120010db8000000000000000000000001");

        assertThat(AddressText.six(data, 1)).isEqualTo("::ffff:192.0.2.1");
        assertThat(AddressText.six(data, 17)).isEqualTo("2001:db8::1");
    }
}
