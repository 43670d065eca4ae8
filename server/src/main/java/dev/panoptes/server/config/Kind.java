package dev.panoptes.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What values of a setting look like.
 *
 * @param words for messages and help, for example {@code a time such as 30s, 5m or 12h}
 * @param parse throws IllegalArgumentException for what does not fit; its message is not shown
 */
public record Kind<T>(String words, Parse<T> parse) {
    /** Text to value. */
    @FunctionalInterface
    public interface Parse<T> {
        T of(String text);
    }

    public static final Kind<String> TEXT = new Kind<>("a text", Kind::present);
    public static final Kind<Path> PATH = new Kind<>("a path", text -> Path.of(present(text)));
    public static final Kind<List<Path>> PATHS = new Kind<>(
            "paths, separated by colons",
            text -> Arrays.stream(present(text).split(":"))
                    .filter(path -> !path.isBlank())
                    .map(path -> Path.of(path.strip()))
                    .toList());
    public static final Kind<Boolean> FLAG = new Kind<>("true or false", Kind::flag);
    public static final Kind<Duration> TIME = new Kind<>("a time such as 500ms, 30s, 5m, 12h or 30d", TimeText::parse);
    public static final Kind<URI> HTTP_URL = new Kind<>("a URL that begins with http:// or https://", Kind::http);
    /** A URL of a whole site: no path, no user, no query. */
    public static final Kind<URI> ORIGIN = new Kind<>("a URL without a path such as https://panoptes.example", text -> {
        URI uri = http(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (!String.valueOf(uri.getRawPath()).isEmpty()
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("no whole site");
        }
        return uri;
    });

    public static final Kind<List<String>> WORDS = new Kind<>(
            "none, or names with commas between",
            text -> text.equals("none")
                    ? List.of()
                    : Arrays.stream(present(text).split(","))
                            .map(String::strip)
                            .filter(word -> !word.isEmpty())
                            .toList());

    public static final Kind<LocalDate> DATE = new Kind<>("a date such as 2026-01-31", Kind::date);
    public static final Kind<List<String>> ORIGINS =
            new Kind<>("none, or origins such as https://console.example:8443", text -> {
                if (text.equals("none")) {
                    return List.of();
                }
                List<String> origins = List.of(text.split("\\s*,\\s*"));
                if (!origins.stream().allMatch(origin -> origin.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?"))) {
                    throw new IllegalArgumentException("no origin");
                }
                return origins;
            });
    public static final Kind<ListenAddress> LISTEN =
            new Kind<>("ADDRESS:PORT such as 127.0.0.1:8022 or [::1]:8022", ListenAddress::parse);

    public static final Kind<List<Network>> NETWORKS =
            new Kind<>("none, or addresses and networks such as 10.0.0.0/8, 127.0.0.1", Network::list);

    public static final Kind<Cron> CRON = new Kind<>("five fields of crontab(5) such as 0 6 * * *", Cron::parse);

    /** How long something is kept. The limit is that of dates in the database, with room to spare. */
    public static final Kind<Duration> KEPT = new Kind<>("a time from 1d to 36500d", text -> {
        Duration time = TimeText.parse(text);
        if (time.compareTo(Duration.ofDays(1)) < 0 || time.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException("out of bounds");
        }
        return time;
    });

    static Kind<Integer> number(int least, int most) {
        return new Kind<>("a whole number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException("out of bounds");
            }
            return number;
        });
    }

    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        return new Kind<>("one of " + String.join(", ", words), text -> {
            for (E each : type.getEnumConstants()) {
                if (each.name().equalsIgnoreCase(text)) {
                    return each;
                }
            }
            throw new IllegalArgumentException("none of them");
        });
    }

    private static String present(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("neither");
        };
    }

    private static URI http(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IllegalArgumentException("no http URL");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URL", e);
        }
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no date", e);
        }
    }
}
