package dev.panoptes.integrity.declared;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The table of programs that base images lack. */
public final class BaseTools {
    private static final String TABLE = "base-tools.tsv";

    private record Row(String image, Pattern tag, Set<String> lacks) {}

    private final List<Row> rows;

    private BaseTools(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** Reads the table that comes with the program. */
    public static BaseTools read() {
        try (InputStream in = BaseTools.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is not part of the program");
            }
            List<Row> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] cells = line.split("\t");
                if (cells.length == 3 && !line.startsWith("#")) {
                    rows.add(new Row(
                            cells[0],
                            Pattern.compile(cells[1]),
                            Set.of(cells[2].strip().split(" "))));
                }
            }
            return new BaseTools(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What this image lacks.
     *
     * @param reference as FROM or {@code image} names it
     * @return empty where the image is not in the table
     */
    public Optional<Set<String>> lacks(String reference) {
        String name = BaseImages.name(reference);
        String tag = BaseImages.tag(reference);
        return rows.stream()
                .filter(row -> row.image.equals(name) && row.tag.matcher(tag).matches())
                .findFirst()
                .map(Row::lacks);
    }
}
