package dev.panoptes.sensors.replay;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The year in which a log without years begins: its last line was written when the file was changed last, and every step from
 * December to January before it is a year less.
 */
final class LogYear {
    /** More than a priority and a stamp take. */
    private static final int STAMP = 32;

    private static final int BUFFER = 1 << 16;

    private LogYear() {}

    /** @param start the first bytes of the file */
    static boolean isNeeded(String start) {
        return start.lines().limit(20).anyMatch(LogHeaderParser::isYearless);
    }

    /** @param compressed whether gzip packed it: where that is cut off, its last line is the last that can be had */
    static int first(Path file, boolean compressed, Instant modified, ZoneId zone) throws IOException {
        int last = 0;
        int lastDay = 0;
        int steps = 0;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                InputStream in = compressed ? new GZIPInputStream(raw, BUFFER) : raw) {
            LineReader reader = new LineReader(in, new byte[0], 0, '\n');
            reader.onlyFirst(STAMP);
            String day = "\0";
            for (String line = next(reader); line != null; line = next(reader)) {
                if (line.startsWith(day)) {
                    continue; // as the line before
                }
                day = "\0";
                int month = LogHeaderParser.yearlessMonth(line);
                if (month > 0) {
                    steps += month == 1 && last == 12 ? 1 : 0;
                    last = month;
                    lastDay = LogHeaderParser.yearlessDay(line);
                    day = line.startsWith("<") ? day : line.substring(0, 7);
                }
            }
        }
        ZonedDateTime end = ZonedDateTime.ofInstant(modified, zone);
        // A day of slack: the file's own clock and the log's zone may differ.
        ZonedDateTime latest = end.plusDays(1);
        boolean before =
                last > latest.getMonthValue() || (last == latest.getMonthValue() && lastDay > latest.getDayOfMonth());
        return (before ? latest.getYear() - 1 : latest.getYear()) - steps;
    }

    private static @Nullable String next(LineReader reader) throws IOException {
        try {
            return reader.next();
        } catch (EOFException | ZipException e) {
            return null; // who reads the lines tells it
        }
    }
}
