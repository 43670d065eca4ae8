package dev.panoptes.core.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/** Reads and writes the times of events: those of the usual form without the general parser and formatter. */
final class EventTime {
    /** Up to and with the seconds: {@code 2026-03-01T06:00:00}. */
    private static final int SECONDS = 19;

    private static final int DIGITS = 9;
    private static final long DAY = 86_400;
    /** From the year 1 to the end of 9999: four digits and no sign. */
    private static final long FIRST = -62_135_596_800L;

    private static final long LAST = 253_402_300_799L;

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

    /** As {@link Instant#toString} writes it: without a fraction, or with one of 3, 6 or 9 digits. */
    static String text(Instant time) {
        long seconds = time.getEpochSecond();
        if (seconds < FIRST || seconds > LAST) {
            return time.toString();
        }
        long days = Math.floorDiv(seconds, DAY);
        int second = (int) (seconds - days * DAY);
        int nano = time.getNano();
        int digits = nano == 0 ? 0 : nano % 1_000_000 == 0 ? 3 : nano % 1000 == 0 ? 6 : 9;
        byte[] text = new byte[SECONDS + (digits == 0 ? 1 : digits + 2)];
        date(text, days);
        text[10] = 'T';
        put(text, 11, second / 3600, 2);
        text[13] = ':';
        put(text, 14, second / 60 % 60, 2);
        text[16] = ':';
        put(text, 17, second % 60, 2);
        if (digits > 0) {
            text[SECONDS] = '.';
            put(text, SECONDS + 1, digits == 3 ? nano / 1_000_000 : digits == 6 ? nano / 1000 : nano, digits);
        }
        text[text.length - 1] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The proleptic Gregorian date of a day since 1970, counted in eras of 400 years that begin in March. */
    private static void date(byte[] text, long days) {
        long shifted = days + 719_468;
        long era = shifted / 146_097;
        int ofEra = (int) (shifted - era * 146_097);
        int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * ofYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        put(text, 0, (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0), 4);
        text[4] = '-';
        put(text, 5, month, 2);
        text[7] = '-';
        put(text, 8, ofYear - (153 * march + 2) / 5 + 1, 2);
    }

    private static void put(byte[] text, int at, int number, int digits) {
        int rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
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
