package dev.panoptes.server.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;

/**
 * When something is due: the five fields of crontab(5), minute hour day month weekday, with lists, ranges, steps, the names of
 * months and weekdays, and {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}. Where both day and weekday are
 * restricted, one of them has to fit. A local time that a clock
 * change skips comes as much later as the clock jumps.
 */
public final class Cron {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *");
    private static final String MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec";
    private static final String DAYS = "sun mon tue wed thu fri sat";
    /** 29 February of a year that begins on every weekday comes within 28 years, but for a century; then it is given up. */
    private static final int LONGEST_SEARCH_DAYS = 366 * 40;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;

    private Cron(String text) {
        String[] fields = NICKNAMES
                .getOrDefault(text.strip().toLowerCase(Locale.ROOT), text.strip())
                .split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("five fields are needed");
        }
        this.text = text.strip();
        minutes = field(fields[0], 0, 59, "");
        hours = field(fields[1], 0, 23, "");
        days = field(fields[2], 1, 31, "");
        months = field(fields[3], 1, 12, MONTHS);
        weekdays = field(fields[4], 0, 7, DAYS);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        anyDay = fields[2].startsWith("*");
        anyWeekday = fields[4].startsWith("*");
        firstDay(LocalDate.EPOCH);
    }

    /** @throws IllegalArgumentException for what is no such expression or never comes */
    public static Cron parse(String text) {
        return new Cron(text);
    }

    /** The first moment after this one. */
    public ZonedDateTime next(ZonedDateTime after) {
        LocalDate day = after.toLocalDate();
        while (true) {
            day = firstDay(day);
            for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
                for (int minute = minutes.nextSetBit(0); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
                    ZonedDateTime candidate =
                            LocalDateTime.of(day, LocalTime.of(hour, minute)).atZone(after.getZone());
                    if (candidate.isAfter(after)) {
                        return candidate;
                    }
                }
            }
            day = day.plusDays(1);
        }
    }

    private LocalDate firstDay(LocalDate from) {
        LocalDate day = from;
        for (int i = 0; i < LONGEST_SEARCH_DAYS; i++) {
            if (months.get(day.getMonthValue()) && fits(day)) {
                return day;
            }
            day = day.plusDays(1);
        }
        throw new IllegalArgumentException("this day never comes");
    }

    private boolean fits(LocalDate day) {
        boolean dayFits = days.get(day.getDayOfMonth());
        boolean weekdayFits = weekdays.get(
                day.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : day.getDayOfWeek().getValue());
        return (anyDay || anyWeekday) ? dayFits && weekdayFits : dayFits || weekdayFits;
    }

    private static BitSet field(String field, int least, int most, String names) {
        BitSet set = new BitSet(most + 1);
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", 2);
            int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
            String[] range = stepped[0].split("-", 2);
            int from = stepped[0].equals("*") ? least : value(range[0], least, names);
            int to = stepped[0].equals("*")
                    ? most
                    : range.length == 2 ? value(range[1], least, names) : stepped.length == 2 ? most : from;
            if (from < least || to > most || from > to || step < 1) {
                throw new IllegalArgumentException("out of bounds");
            }
            for (int value = from; value <= to; value += step) {
                set.set(value);
            }
        }
        return set;
    }

    private static int value(String word, int least, String names) {
        int at = word.length() == 3 ? names.indexOf(word.toLowerCase(Locale.ROOT)) : -1;
        return at >= 0 ? at / 4 + least : Integer.parseInt(word);
    }

    @Override
    public String toString() {
        return text;
    }
}
