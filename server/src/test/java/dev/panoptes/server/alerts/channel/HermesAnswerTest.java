package dev.panoptes.server.alerts.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer with status 200 says of the notification. */
class HermesAnswerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\": \"failed\"}",
                "{\"status\": \"ERROR\", \"id\": 3}",
                "{\"status\": \"undelivered\"}",
                "{\"ok\": false, \"description\": \"chat not found\"}",
                "{\"success\": false}",
                "{\"error\": \"no such channel\"}",
                "{\"delivered\": false}"
            })
    void itFailed(String answer) {
        assertThat(HermesChannel.saysFailed(answer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ok",
                "[]",
                "{}",
                "{\"status\": \"sent\", \"error\": null}",
                "{\"status\": \"queued\"}",
                "{\"error\": \"\"}",
                "{\"status\": \"sent\", \"error\": \"later\"}",
                "{\"status\": \"skipped\"}",
                "{\"ok\": true}",
                "{\"success\": \"no\"}",
                "{\"sent\": 0}"
            })
    void nothingIsSaidAgainstIt(String answer) {
        assertThat(HermesChannel.saysFailed(answer)).isFalse();
    }
}
