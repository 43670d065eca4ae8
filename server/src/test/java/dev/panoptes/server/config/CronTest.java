package dev.panoptes.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0 6 * * *         | 2026-03-01T05:59 | 2026-03-01T06:00
                    0 6 * * *         | 2026-03-01T06:00 | 2026-03-02T06:00
                    */15 * * * *      | 2026-03-01T06:01 | 2026-03-01T06:15
                    30 8-17/3 * * *   | 2026-03-01T11:30 | 2026-03-01T14:30
                    0 0 * * mon       | 2026-03-01T00:00 | 2026-03-02T00:00
                    0 0 * * 7         | 2026-03-02T00:00 | 2026-03-08T00:00
                    0 0 13 * fri      | 2026-03-01T00:00 | 2026-03-06T00:00
                    0 0 29 feb *      | 2026-03-01T00:00 | 2028-02-29T00:00
                    @monthly          | 2026-03-01T00:00 | 2026-04-01T00:00
                    5,10 0 1 jan,dec * | 2026-03-01T00:00 | 2026-12-01T00:05
                    """)
    void theNextTimeIsTheFirstThatFits(String expression, String after, String next) {
        assertThat(Cron.parse(expression).next(ZonedDateTime.parse(after + ":00Z[UTC]")))
                .isEqualTo(ZonedDateTime.parse(next + ":00Z[UTC]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* * 0 * *",
                "* * 31 2 *",
                "a * * * *",
                "*/0 * * * *",
                "5-1 * * * *",
                "@never"
            })
    void whatIsNoSuchExpressionOrNeverComesIsRefused(String expression) {
        assertThatThrownBy(() -> Cron.parse(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTimeThatTheClockSkipsComesLaterThatDay() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        ZonedDateTime before = ZonedDateTime.of(2026, 3, 29, 0, 0, 0, 0, berlin);
        assertThat(Cron.parse("30 2 * * *").next(before)).isEqualTo(ZonedDateTime.of(2026, 3, 29, 3, 30, 0, 0, berlin));
    }
}
