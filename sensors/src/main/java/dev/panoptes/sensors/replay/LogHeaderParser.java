package dev.panoptes.sensors.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the header off a line of a log: RFC 3164 (also with a fraction or a year), RFC 5424, the RFC 3339 stamps of rsyslog and
 * syslog-ng, OpenWrt's logread, dmesg in its forms, and records of /dev/kmsg. A line without any of these is returned as it is,
 * without time and tag. Stateful where a log names no year: the year rises on a step from December to January.
 */
public final class LogHeaderParser {
    private static final java.util.regex.Pattern PRIORITY = java.util.regex.Pattern.compile(
            "(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])"
                    + "\\.(?:emerg|panic|alert|crit|err|error|warning|warn|notice|info|debug)");
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final int MOST_TAG = 200;

    private final ZoneId zone;
    private int year;
    private int latestMonth = 13;
    private int lastMonth;
    private int lastDay;
    private boolean rose;
    private String cachedStamp = "";
    private @Nullable Instant cachedTime;

    /** @param year of the first line, where lines name none */
    public LogHeaderParser(ZoneId zone, int year) {
        this.zone = zone;
        this.year = year;
    }

    /** For lines that are read as they are written: a line of December read in January is the old year's. */
    public static LogHeaderParser live(ZoneId zone, Instant now) {
        ZonedDateTime local = now.atZone(zone);
        LogHeaderParser parser = new LogHeaderParser(zone, local.getYear());
        parser.latestMonth = local.getMonthValue() + 1;
        return parser;
    }

    /** @param offset see {@link LogLine} */
    public LogLine parse(@Nullable String path, long offset, String text, String provider) {
        Header header = new Header(text);
        if (text.isEmpty() || text.startsWith("type=") || text.startsWith("node=")) {
            return header.line(path, offset, provider);
        }
        try {
            read(header);
        } catch (DateTimeException e) {
            header.reset(); // a day that does not exist is no stamp
        }
        return header.line(path, offset, provider);
    }

    /** True where the line begins with a stamp that names no year. */
    static boolean isYearless(String text) {
        int at = text.startsWith("<") && text.indexOf('>') > 0 && text.indexOf('>') < 6 ? text.indexOf('>') + 1 : 0;
        return month(text, at) > 0 && clock(text, at + 7) && !digits(text, at + 7, 4);
    }

    /** The month of a stamp without a year, 1 to 12; 0 where there is none. */
    static int yearlessMonth(String text) {
        int at = text.startsWith("<") && text.indexOf('>') > 0 && text.indexOf('>') < 6 ? text.indexOf('>') + 1 : 0;
        return isYearless(text) ? month(text, at) : 0;
    }

    /** The day of a stamp without a year. */
    static int yearlessDay(String text) {
        int at = text.startsWith("<") && text.indexOf('>') > 0 && text.indexOf('>') < 6 ? text.indexOf('>') + 1 : 0;
        return number(text, skipBlanks(text, at + 4), at + 6);
    }

    private void read(Header header) {
        String text = header.text;
        int at = 0;
        if (text.charAt(0) == '<') {
            int end = text.indexOf('>');
            if (end > 1 && end < 6 && digits(text, 1, end - 1)) {
                at = end + 1;
                if (at < text.length()
                        && text.charAt(at) == '1'
                        && at + 1 < text.length()
                        && text.charAt(at + 1) == ' ') {
                    structured(header, at + 2);
                    return;
                }
            }
        }
        if (at >= text.length()) {
            return;
        }
        char first = text.charAt(at);
        if (first == '[') {
            kernelRing(header, at);
        } else if (first == '1' && text.startsWith("1 ", at) && digits(text, at + 2, 4)) {
            structured(header, at + 2);
        } else if (digits(text, at, 4) && at + 4 < text.length() && text.charAt(at + 4) == '-') {
            int end = iso(header, at);
            if (end < 0) {
                return;
            }
            if (text.charAt(at + 10) == 'T' && header.comma) {
                header.kernel = true;
                header.message(skipBlanks(text, end));
            } else {
                hostAndTag(header, end);
            }
        } else if (month(text, at) > 0) {
            int end = sudoFile(header, at) ? -1 : bsd(header, at);
            if (end > 0) {
                hostAndTag(header, end);
            }
        } else if (at + 4 < text.length()
                && DAYS.indexOf(text.substring(at, at + 3)) % 3 == 0
                && text.charAt(at + 3) == ' ') {
            logread(header, at + 4);
        } else if (first >= '0' && first <= '9') {
            kmsg(header, at);
        } else {
            prefixedRing(header, at);
        }
    }

    /** {@code kern  :info  : [   12.345678] message} (dmesg -x). */
    private void prefixedRing(Header header, int at) {
        int first = header.text.indexOf(':', at);
        int second = first < 0 || first > at + 10 ? -1 : header.text.indexOf(':', first + 1);
        if (second > 0 && second < first + 12) {
            int ring = skipBlanks(header.text, second + 1);
            if (ring < header.text.length() && header.text.charAt(ring) == '[' && header.text.startsWith("kern", at)) {
                kernelRing(header, ring);
            }
        }
    }

    /** {@code [   12.345678] message}, {@code [Mon Nov 12 01:02:03 2024] message}. */
    private void kernelRing(Header header, int at) {
        String text = header.text;
        int end = text.indexOf(']', at);
        if (end < 0 || end > at + 40) {
            return;
        }
        int inner = skipBlanks(text, at + 1);
        if (isSeconds(text, inner, end)) {
            header.kernel = true;
            header.message(end + 1 < text.length() && text.charAt(end + 1) == ' ' ? end + 2 : end + 1);
        } else if (end - at == 25 && month(text, at + 5) > 0) {
            int day = number(text, skipBlanks(text, at + 9), at + 11);
            if (clock(text, at + 12) && digits(text, at + 21, 4)) {
                header.time = at(number(text, at + 21, at + 25), month(text, at + 5), day, text, at + 12, 0);
                header.kernel = true;
                header.message(end + 1 < text.length() && text.charAt(end + 1) == ' ' ? end + 2 : end + 1);
            }
        }
    }

    /** {@code 6,339,5140900,-;message} (Documentation/ABI/testing/dev-kmsg). */
    private static void kmsg(Header header, int at) {
        int end = header.text.indexOf(';', at);
        if (end < 0 || end > at + 80) {
            return;
        }
        String[] parts = header.text.substring(at, end).split(",", -1);
        if (parts.length >= 4 && isDigits(parts[0]) && isDigits(parts[1]) && isDigits(parts[2])) {
            header.kernel = parts[0].length() == 1;
            header.message(end + 1);
        }
    }

    /** {@code Nov 12 01:02:03 2023 authpriv.info dropbear[123]: message} after the day of the week. */
    private void logread(Header header, int at) {
        String text = header.text;
        int month = month(text, at);
        if (month == 0 || !clock(text, at + 7) || !digits(text, at + 16, 4)) {
            return;
        }
        int day = number(text, skipBlanks(text, at + 4), at + 6);
        header.time = at(number(text, at + 16, at + 20), month, day, text, at + 7, 0);
        int facility = skipBlanks(text, at + 20);
        int end = text.indexOf(' ', facility);
        if (end > 0 && text.substring(facility, end).matches("[a-z0-9]+\\.[a-z]+")) {
            tag(header, skipBlanks(text, end));
        } else {
            hostAndTag(header, at + 20);
        }
    }

    /** {@code Mmm dd hh:mm:ss[.fraction]} or {@code Mmm dd yyyy hh:mm:ss}; where it ends, or -1. */
    private int bsd(Header header, int at) {
        String text = header.text;
        int named = 0;
        int time = at + 7;
        if (digits(text, time, 4) && time + 4 < text.length() && text.charAt(time + 4) == ' ') {
            named = number(text, time, time + 4);
            time += 5;
        }
        if (!clock(text, time)) {
            return -1;
        }
        int day = number(text, skipBlanks(text, at + 4), at + 6);
        int end = time + 8;
        int nanos = 0;
        if (end < text.length() && text.charAt(end) == '.') {
            int digit = end + 1;
            while (digit < text.length() && isDigit(text.charAt(digit))) {
                digit++;
            }
            nanos = fraction(text, end + 1, digit);
            end = digit;
        }
        if (end < text.length() && text.charAt(end) == ':') {
            end++;
        }
        if (cachedTime != null && nanos == 0 && text.startsWith(cachedStamp, at) && end - at == cachedStamp.length()) {
            header.time = cachedTime;
            return end;
        }
        int month = month(text, at);
        header.time = at(named > 0 ? named : yearOf(month, day), month, day, text, time, nanos);
        if (nanos == 0) {
            cachedStamp = text.substring(at, end);
            cachedTime = header.time;
        }
        return end;
    }

    /** {@code Mmm dd hh:mm:ss[ yyyy] : USER : } of the file that sudo writes itself (sudoers(5), logfile); false where it is not. */
    private boolean sudoFile(Header header, int at) {
        String text = header.text;
        if (!clock(text, at + 7)) {
            return false;
        }
        int yearAt = at + 16;
        boolean named = digits(text, yearAt, 4);
        int end = named ? yearAt + 4 : at + 15;
        if (!text.startsWith(" : ", end)) {
            return false;
        }
        int month = month(text, at);
        int day = number(text, skipBlanks(text, at + 4), at + 6);
        header.time = at(named ? number(text, yearAt, end) : yearOf(month, day), month, day, text, at + 7, 0);
        header.tag = "sudo";
        header.message(end + 3);
        return true;
    }

    private int yearOf(int month, int day) {
        if (month == 12 && lastMonth == 1 && lastDay == 1 && day == 31 && rose) {
            return year - 1; // a line of the old year that came late
        }
        if (lastMonth == 0 && month > latestMonth) {
            year--;
        }
        if (month == 1 && lastMonth == 12) {
            year++;
            rose = true;
        }
        lastMonth = month;
        lastDay = day;
        return year;
    }

    /** {@code yyyy-mm-dd[T ]hh:mm:ss[.,fraction][zone]}; where it ends, or -1. */
    private int iso(Header header, int at) {
        String text = header.text;
        if (text.length() < at + 19 || !digits(text, at + 5, 2) || !digits(text, at + 8, 2) || !clock(text, at + 11)) {
            return -1;
        }
        int end = at + 19;
        int nanos = 0;
        if (end < text.length() && (text.charAt(end) == '.' || text.charAt(end) == ',')) {
            header.comma = text.charAt(end) == ',';
            int digit = end + 1;
            while (digit < text.length() && isDigit(text.charAt(digit))) {
                digit++;
            }
            nanos = fraction(text, end + 1, digit);
            end = digit;
        }
        int yearRead = number(text, at, at + 4);
        LocalDateTime local = LocalDateTime.of(
                yearRead,
                number(text, at + 5, at + 7),
                number(text, at + 8, at + 10),
                number(text, at + 11, at + 13),
                number(text, at + 14, at + 16),
                Math.min(59, number(text, at + 17, at + 19)),
                nanos);
        if (end < text.length() && (text.charAt(end) == 'Z' || text.charAt(end) == 'z')) {
            header.time = local.toInstant(ZoneOffset.UTC);
            return end + 1;
        }
        if (end + 2 < text.length()
                && (text.charAt(end) == '+' || text.charAt(end) == '-')
                && digits(text, end + 1, 2)) {
            int minute = end + 3 < text.length() && text.charAt(end + 3) == ':' ? end + 4 : end + 3;
            boolean minutes = digits(text, minute, 2);
            int seconds = number(text, end + 1, end + 3) * 3600 + (minutes ? number(text, minute, minute + 2) * 60 : 0);
            header.time = local.toInstant(ZoneOffset.ofTotalSeconds(text.charAt(end) == '-' ? -seconds : seconds));
            return minutes ? minute + 2 : end + 3;
        }
        header.time = local.atZone(zone).toInstant();
        return end;
    }

    /** RFC 5424 after PRI and version. */
    private void structured(Header header, int at) {
        String text = header.text;
        int end = at;
        if (text.startsWith("- ", at)) {
            end = at + 1;
        } else if (digits(text, at, 4)) {
            end = iso(header, at);
            if (end < 0) {
                return;
            }
        } else {
            return;
        }
        String[] words = new String[4]; // host, program, process id, message id
        for (int i = 0; i < words.length; i++) {
            if (end >= text.length() || text.charAt(end) != ' ') {
                header.reset();
                return;
            }
            int word = end + 1;
            end = text.indexOf(' ', word);
            if (end < 0) {
                header.reset();
                return;
            }
            words[i] = text.substring(word, end);
        }
        int data = dataEnd(text, end + 1);
        if (data < 0) {
            header.reset();
            return;
        }
        header.host = words[0].equals("-") ? null : words[0];
        header.tag = words[1].equals("-") ? null : words[1];
        header.pid = process(words[2]);
        header.pidWritten = !words[2].equals("-");
        int message = data < text.length() && text.charAt(data) == ' ' ? data + 1 : data;
        if (message < text.length() && text.charAt(message) == '\ufeff') {
            message++;
        }
        header.message(message);
        finish(header);
    }

    /** Where the structured data ends; -1 where it is none. */
    private static int dataEnd(String text, int at) {
        if (at < text.length() && text.charAt(at) == '-') {
            return at + 1;
        }
        int i = at;
        while (i < text.length() && text.charAt(i) == '[') {
            boolean quoted = false;
            i++;
            while (i < text.length() && (quoted || text.charAt(i) != ']')) {
                char c = text.charAt(i);
                if (quoted && c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                }
                i++;
            }
            if (i >= text.length()) {
                return -1;
            }
            i++;
        }
        return i == at ? -1 : i;
    }

    private static void hostAndTag(Header header, int at) {
        String text = header.text;
        int host = skipBlanks(text, at);
        int end = text.indexOf(' ', host);
        if (host < text.length() && text.charAt(host) == '<' && end > host && text.charAt(end - 1) == '>') {
            host = skipBlanks(text, end); // FreeBSD writes <facility.level>
            end = text.indexOf(' ', host);
        }
        if (end < 0) {
            header.message(host);
            return;
        }
        if (text.charAt(end - 1) == ':') {
            tag(header, host); // a log of one program's own names no host
        } else if (isPriority(text, host, end)) {
            tag(header, skipBlanks(text, end));
        } else {
            header.host = text.substring(host, end);
            int word = skipBlanks(text, end);
            int wordEnd = text.indexOf(' ', word);
            tag(header, isPriority(text, word, wordEnd) ? skipBlanks(text, wordEnd) : word);
        }
    }

    /** True for {@code auth.info}, which busybox's syslogd writes behind the host. */
    private static boolean isPriority(String text, int from, int to) {
        int dot = to - from >= 7 && to - from <= 16 ? text.indexOf('.', from) : -1;
        return dot > 0 && dot < to && PRIORITY.matcher(text).region(from, to).matches();
    }

    private static void tag(Header header, int at) {
        String text = header.text;
        int most = Math.min(text.length(), at + MOST_TAG);
        header.message(at);
        for (int i = at; i < most; i++) {
            char c = text.charAt(i);
            if (c == ' ') {
                break;
            }
            if (c == ':' && i > at && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                header.tag = text.substring(at, i);
                header.message(skipOne(text, i + 1));
                break;
            }
            if (c == '[' && i > at) {
                int digit = i + 1;
                while (digit < most && isDigit(text.charAt(digit))) {
                    digit++;
                }
                if (digit > i + 1 && digit < text.length() && text.charAt(digit) == ']') {
                    header.tag = text.substring(at, i);
                    header.pid = process(text.substring(i + 1, digit));
                    header.pidWritten = true;
                    int rest = digit + 1;
                    if (rest < text.length() && text.charAt(rest) == ':') {
                        rest++;
                    }
                    header.message(skipOne(text, rest));
                    break;
                }
            }
        }
        finish(header);
    }

    private static void finish(Header header) {
        if ("kernel".equals(header.tag) && !header.pidWritten) {
            header.kernel = true;
            String message = header.message();
            int end = message.startsWith("[") ? message.indexOf(']') : -1;
            if (end > 0 && end < 30 && isSeconds(message, skipBlanks(message, 1), end)) {
                header.message(header.messageAt + skipOne(message, end + 1));
            }
        } else if (header.text.startsWith("[ID ", header.messageAt)) {
            int end = header.text.indexOf("] ", header.messageAt); // Solaris: [ID 800047 auth.info]
            if (end > 0 && end < header.messageAt + 60) {
                header.message(end + 2);
            }
        }
    }

    private Instant at(int yearRead, int month, int day, String text, int time, int nanos) {
        return LocalDateTime.of(
                        yearRead,
                        month,
                        day,
                        number(text, time, time + 2),
                        number(text, time + 3, time + 5),
                        Math.min(59, number(text, time + 6, time + 8)),
                        nanos)
                .atZone(zone)
                .toInstant();
    }

    private static boolean clock(String text, int at) {
        return text.length() >= at + 8
                && digits(text, at, 2)
                && text.charAt(at + 2) == ':'
                && digits(text, at + 3, 2)
                && text.charAt(at + 5) == ':'
                && digits(text, at + 6, 2);
    }

    /** 1 to 12 where {@code Mmm dd } stands here, else 0. */
    private static int month(String text, int at) {
        if (text.length() < at + 7 || text.charAt(at + 3) != ' ' || text.charAt(at + 6) != ' ') {
            return 0;
        }
        char ten = text.charAt(at + 4);
        if (!isDigit(text.charAt(at + 5)) || (ten != ' ' && !isDigit(ten))) {
            return 0;
        }
        for (int i = 0; i < 36; i += 3) {
            if (text.charAt(at) == MONTHS.charAt(i)
                    && text.charAt(at + 1) == MONTHS.charAt(i + 1)
                    && text.charAt(at + 2) == MONTHS.charAt(i + 2)) {
                return i / 3 + 1;
            }
        }
        return 0;
    }

    private static boolean isSeconds(String text, int from, int to) {
        boolean dot = false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '.' && !dot && i > from) {
                dot = true;
            } else if (!isDigit(c)) {
                return dot && c == ' ';
            }
        }
        return dot;
    }

    private static boolean digits(String text, int at, int count) {
        if (text.length() < at + count) {
            return false;
        }
        for (int i = at; i < at + count; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.length() < 19 && digits(text, 0, text.length());
    }

    private static @Nullable Long process(String text) {
        return isDigits(text) ? Long.valueOf(text) : null;
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    /** Nanoseconds of the digits after a decimal point; digits beyond the ninth are dropped. */
    private static int fraction(String text, int from, int to) {
        int value = 0;
        for (int i = 0; i < 9; i++) {
            value = value * 10 + (from + i < to ? text.charAt(from + i) - '0' : 0);
        }
        return value;
    }

    private static int skipBlanks(String text, int at) {
        int i = at;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    private static int skipOne(String text, int at) {
        return at < text.length() && text.charAt(at) == ' ' ? at + 1 : at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** What has been found so far. */
    private static final class Header {
        private final String text;
        private @Nullable Instant time;
        private @Nullable String host;
        private @Nullable String tag;
        private @Nullable Long pid;
        private boolean pidWritten;
        private int messageAt;
        private boolean kernel;
        private boolean comma;

        Header(String text) {
            this.text = text;
        }

        void reset() {
            time = null;
            host = null;
            tag = null;
            pid = null;
            messageAt = 0;
            kernel = false;
        }

        void message(int at) {
            messageAt = Math.min(at, text.length());
        }

        String message() {
            return text.substring(messageAt);
        }

        LogLine line(@Nullable String path, long offset, String provider) {
            return new LogLine(
                    path, offset, text, time, host, tag, pid, message(), kernel, provider, (Map<String, String>) null);
        }
    }
}
