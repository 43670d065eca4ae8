package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerReaderTest {
    private static HttpAnswer read(String raw) throws IOException {
        return new HttpAnswerReader(new ByteArrayInputStream(raw.getBytes(StandardCharsets.ISO_8859_1))).read();
    }

    /** {@code status body}, or {@code status: reason}. */
    private static String told(String raw) throws IOException {
        return switch (read(raw)) {
            case HttpAnswer.Whole whole -> whole.status() + " " + new String(whole.body(), StandardCharsets.ISO_8859_1);
            case HttpAnswer.Broken(Integer status, String reason) -> status + ": " + reason;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{} and more",
                "HTTP/1.0 200 OK\r\n\r\n{}",
                "HTTP/1.1 200\r\n\r\n{}",
                "HTTP/1.1 200 OK\nserver: x\n\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\n{}",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n{}"
            })
    void anAnswerIsReadHoweverItIsFramed(String raw) throws IOException {
        assertThat(told(raw)).isEqualTo("200 {}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                          | null: closes the connection without an answer",
                "HTTP/1.1 200 OK~x: y~                       | 200: ends within its header",
                "SSH-2.0-OpenSSH_9.2~                        | null: does not speak HTTP, but SSH",
                "HTTP/2 200~~                                | null: does not speak HTTP",
                "HTTP/1.1 999 X~~                            | null: does not speak HTTP",
                "HTTP/1.1 200 OK~no colon~~                  | 200: sends a malformed header field",
                "HTTP/1.1 200 OK~a: b~ folded: c~~           | 200: sends a malformed header field",
                "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 3~~{} | 200: sends contradicting content-length"
                        + " fields",
                "HTTP/1.1 200 OK~Content-Length: -1~~        | 200: sends the Content-Length -1",
                "HTTP/1.1 200 OK~Content-Length: 0x2~~{}     | 200: sends the Content-Length 0x2",
                "HTTP/1.1 200 OK~Content-Length: 20971520~~  | 200: announces an answer of 20971520 bytes, more than"
                        + " 64 KiB",
                "HTTP/1.1 200 OK~Content-Length: 9~~{}       | 200: announces 9 bytes and ends after 2",
                "HTTP/1.1 200 OK~Content-Length: 2~Transfer-Encoding: chunked~~{} | 200: sends both Content-Length and"
                        + " Transfer-Encoding",
                "HTTP/1.1 200 OK~Transfer-Encoding: gzip~~x  | 200: sends the transfer encoding gzip",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~ | 200: sends a malformed chunk",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1~{}~0~~ | 200: sends a malformed chunk",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~fffffffffffffff~ | 200: sends more than 64 KiB",
                "HTTP/1.1 200 OK~Content-Encoding: gzip~~x   | 200: sends an answer encoded as gzip that was not asked"
                        + " for"
            })
    void whatIsNoAnswerIsBrokenWithItsReason(String raw, String told) throws IOException {
        assertThat(told(raw.replace("~", "\r\n"))).isEqualTo(told);
    }

    @Test
    void theBodyOfAnErrorIsNotRead() throws IOException {
        assertThat(told("HTTP/1.1 500 Oh\r\nContent-Length: 20000000\r\n\r\nxxx"))
                .isEqualTo("500 ");
        assertThat(told("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")).isEqualTo("302 ");
    }

    @Test
    void anEndlessAnswerIsCutOff() throws IOException {
        assertThat(endless("HTTP/1.1 200 OK\r\n\r\n", "x")).isEqualTo("200: sends more than 64 KiB");
        assertThat(endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"))
                .isEqualTo("200: sends more than 64 KiB");
        assertThat(endless("HTTP/1.1 200 OK\r\n", "a: b\r\n")).isEqualTo("200: sends a header of more than 16 KiB");
        assertThat(endless("HTTP/1.1 200 ", "x")).isEqualTo("null: sends a header of more than 16 KiB");
        assertThat(endless("", "HTTP/1.1 100 Continue\r\n\r\n")).isEqualTo("100: sends interim answers without end");
    }

    private static String endless(String head, String repeated) throws IOException {
        InputStream first = new ByteArrayInputStream(head.getBytes(StandardCharsets.ISO_8859_1));
        byte[] part = repeated.repeat(1 + 4_000 / repeated.length()).getBytes(StandardCharsets.ISO_8859_1);
        InputStream parts = new SequenceInputStream(Collections.enumeration(
                Stream.generate(() -> new ByteArrayInputStream(part)).limit(200).toList()));
        return switch (new HttpAnswerReader(new SequenceInputStream(first, parts)).read()) {
            case HttpAnswer.Whole whole -> "whole, " + whole.body().length + " bytes";
            case HttpAnswer.Broken(Integer status, String reason) -> status + ": " + reason;
        };
    }

    @Test
    void damagedAnswersNeverThrow() throws IOException {
        Random random = new Random(11);
        String whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
                + "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n";
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
            for (int hit = 0; hit < 3; hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(new HttpAnswerReader(new ByteArrayInputStream(bytes, 0, random.nextInt(bytes.length + 1)))
                            .read())
                    .isNotNull();
        }
    }
}
