package dev.panoptes.sensors.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** IANA's registry of IPFIX information elements (RFC 7012), which NetFlow v9's field types are the beginning of. Immutable. */
final class Elements {
    /** The enterprise number of the reverse elements of RFC 5103. */
    static final int REVERSE = 29305;

    private final @Nullable Element[] byNumber;

    /** How the value of an element is encoded. */
    enum Kind {
        UNSIGNED,
        SIGNED,
        FLOAT,
        BOOLEAN,
        MAC,
        IPV4,
        IPV6,
        STRING,
        OCTETS,
        SECONDS,
        MILLISECONDS,
        MICROSECONDS,
        NANOSECONDS,
        BASIC_LIST
    }

    /** One element of the registry. */
    record Element(int number, String name, Kind kind) {}

    private Elements(@Nullable Element[] byNumber) {
        this.byNumber = byNumber;
    }

    /** The element of a number without enterprise; null where none is registered. */
    @Nullable
    Element element(int number) {
        return number >= 0 && number < byNumber.length ? byNumber[number] : null;
    }

    static Elements load() {
        @Nullable Element[] all = new Element[1024];
        try (InputStream in = Elements.class.getResourceAsStream("information-elements.txt")) {
            if (in == null) {
                throw new IllegalStateException("the table of information elements is not in the program");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ");
                    int number = Integer.parseInt(words[0]);
                    all[number] = new Element(number, words[1], kind(words[2]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Elements(Arrays.copyOf(all, all.length));
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "unsigned8", "unsigned16", "unsigned32", "unsigned64", "unsigned256" -> Kind.UNSIGNED;
            case "signed8", "signed16", "signed32", "signed64" -> Kind.SIGNED;
            case "float32", "float64" -> Kind.FLOAT;
            case "boolean" -> Kind.BOOLEAN;
            case "macAddress" -> Kind.MAC;
            case "ipv4Address" -> Kind.IPV4;
            case "ipv6Address" -> Kind.IPV6;
            case "string" -> Kind.STRING;
            case "dateTimeSeconds" -> Kind.SECONDS;
            case "dateTimeMilliseconds" -> Kind.MILLISECONDS;
            case "dateTimeMicroseconds" -> Kind.MICROSECONDS;
            case "dateTimeNanoseconds" -> Kind.NANOSECONDS;
            case "basicList" -> Kind.BASIC_LIST;
            default -> Kind.OCTETS;
        };
    }
}
