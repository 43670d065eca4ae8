package dev.panoptes.detection.sigma;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule asks of one value of a field. The kinds that look at the field as a whole are told apart where rules are compiled. */
sealed interface Test {
    /** The field is absent. */
    record Absent() implements Test {}

    /** The field is there, or is not. */
    record Exists(boolean wanted) implements Test {}

    /** One of these. */
    record Text(List<Glob.Compiled> globs) implements Test {
        public Text {
            globs = List.copyOf(globs);
        }
    }

    /** A number equal to this one. @param text as the rule writes it */
    record Equal(double number, String text) implements Test {}

    record Truth(boolean wanted) implements Test {}

    record Matches(Expression expression) implements Test {}

    record Within(Network network) implements Test {}

    record Compared(Comparison comparison, double number) implements Test {}

    /** The value is the same as one of another field's, or begins, ends with or contains it. */
    record SameAs(String field, Place place, boolean cased) implements Test {}

    /** A part of a time. */
    record TimePart(Part part, Comparison comparison, double number) implements Test {}

    enum Place {
        WHOLE,
        START,
        END,
        ANYWHERE
    }

    enum Comparison {
        LT,
        LTE,
        GT,
        GTE,
        EQ,
        NEQ;

        boolean holds(double value, double limit) {
            return switch (this) {
                case LT -> value < limit;
                case LTE -> value <= limit;
                case GT -> value > limit;
                case GTE -> value >= limit;
                case EQ -> value == limit;
                case NEQ -> value != limit;
            };
        }
    }

    enum Part {
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        YEAR;

        /** Null where the text is no time. Times without a zone are read as UTC. */
        @Nullable
        Integer of(String text) {
            ZonedDateTime time = time(text);
            if (time == null) {
                return null;
            }
            return switch (this) {
                case MINUTE -> time.getMinute();
                case HOUR -> time.getHour();
                case DAY -> time.getDayOfMonth();
                case WEEK -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
                case MONTH -> time.getMonthValue();
                case YEAR -> time.get(ChronoField.YEAR);
            };
        }

        private static @Nullable ZonedDateTime time(String text) {
            try {
                String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
                if (iso.length() == 10) {
                    return Instant.parse(iso + "T00:00:00Z").atZone(ZoneOffset.UTC);
                }
                boolean zoned = iso.endsWith("Z") || iso.matches(".*[+-][0-9]{2}:?[0-9]{2}$");
                return zoned
                        ? OffsetDateTime.parse(iso).toZonedDateTime()
                        : Instant.parse(iso + "Z").atZone(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                return null;
            }
        }
    }

    /** The number that a value is; NaN where it is none. Text that is a number counts as one. */
    static double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case String text -> parsed(text);
            default -> Double.NaN;
        };
    }

    private static double parsed(String text) {
        if (text.isEmpty() || text.length() > 40) {
            return Double.NaN;
        }
        char last = text.charAt(text.length() - 1);
        char first = text.charAt(0);
        boolean digits = last >= '0' && last <= '9' && ((first >= '0' && first <= '9') || "+-.".indexOf(first) >= 0);
        if (!digits) {
            return Double.NaN;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
