package dev.panoptes.sensors.flow;

import java.util.List;

/**
 * How the records of a data set are laid out.
 *
 * @param id 256 or more
 * @param scopes how many of the fields are the scope of options; 0 for a template of flows
 * @param minimum octets that a record has at least
 */
record Template(int id, List<Field> fields, int scopes, int minimum) {
    static final int VARIABLE = 65_535;

    Template {
        fields = List.copyOf(fields);
    }

    static Template of(int id, List<Field> fields, int scopes) {
        long minimum = 0;
        for (Field field : fields) {
            minimum += field.length == VARIABLE ? 1 : field.length;
        }
        return new Template(id, fields, scopes, (int) Math.min(minimum, Integer.MAX_VALUE));
    }

    /**
     * One field.
     *
     * @param key its name in {@code flow.fields}
     * @param number its number in the registry; 0 for elements of vendors
     * @param reverse true for what RFC 5103 counts in the other direction
     * @param scope v9's scope type (1 system, 2 interface, 3 line card, 4 cache, 5 template), else 0
     */
    record Field(String key, int number, boolean reverse, Elements.Kind kind, int length, int scope) {}
}
