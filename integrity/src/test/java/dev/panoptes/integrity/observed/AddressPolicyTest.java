package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "fe80::1",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::169.254.169.254",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "127.0.0.1",
                "127.8.8.8",
                "::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "0.0.0.0",
                "::",
                "0.1.2.3",
                "224.0.0.1",
                "ff02::1",
                "255.255.255.255",
                "240.0.0.1"
            })
    void addressesThatAreNoOtherMachineAreRefused(String literal) {
        assertThat(AddressPolicy.refusal(InetAddress.ofLiteral(literal))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.5",
                "172.16.1.1",
                "192.168.1.1",
                "8.8.8.8",
                "100.100.100.201",
                "192.0.0.193",
                "2001:db8::1",
                "fd12:3456::1",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void othersAreNot(String literal) {
        assertThat(AddressPolicy.refusal(InetAddress.ofLiteral(literal))).isNull();
    }
}
