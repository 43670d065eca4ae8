package dev.panoptes.core.event;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/** Reads the times of events: those that are written as sensors write them without the general parser. */
final class EventTime {
    /** Up to and with the seconds: {@code 2026-03-01T06:00:00}. */
    private static final int SECONDS = 19;

    private static final int DIGITS = 9;

    private EventTime() {}

    /** @throws java.time.format.DateTimeParseException where it is no time in UTC or with an offset, after ISO 8601 */
    static Instant parse(String text) {
        int end = text.length() - 1;
        int fraction = end - SECONDS - 1;
        boolean plain = end >= SECONDS
                && text.charAt(end) == 'Z'
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (end == SECONDS || (text.charAt(SECONDS) == '.' && fraction >= 1 && fraction <= DIGITS));
        if (plain) {
            int year = number(text, 0, 4);
            int month = number(text, 5, 7);
            int day = number(text, 8, 10);
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, SECONDS);
            int nano = end == SECONDS ? 0 : number(text, SECONDS + 1, end);
            // What is no digit is -1.
            boolean usual = year >= 1
                    && month >= 1
                    && month <= 12
                    && day >= 1
                    && day <= Month.of(month).length(Year.isLeap(year))
                    && hour >= 0
                    && hour <= 23
                    && minute >= 0
                    && minute <= 59
                    && second >= 0
                    && second <= 59
                    && nano >= 0;
            if (usual) {
                for (int i = Math.max(fraction, 0); end > SECONDS && i < DIGITS; i++) {
                    nano *= 10;
                }
                long days = LocalDate.of(year, month, day).toEpochDay();
                return Instant.ofEpochSecond(((days * 24 + hour) * 60 + minute) * 60 + second, nano);
            }
        }
        return Instant.parse(text);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
