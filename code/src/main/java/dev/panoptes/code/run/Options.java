package dev.panoptes.code.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options on the command line that a program is started with. */
final class Options {
    private Options() {}

    /**
     * What is passed as an option of one of these names, with one dash or two: the last one counts.
     *
     * @param names without dashes; null ones are left out
     * @return null where it is not passed
     */
    static @Nullable Value passed(List<String> arguments, @Nullable String... names) {
        Value passed = null;
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--")) {
                break;
            }
            if (!word.startsWith("-")) {
                continue;
            }
            String plain = word.replaceFirst("^--?", "");
            int equals = plain.indexOf('=');
            String option = equals < 0 ? plain : plain.substring(0, equals);
            for (String name : names) {
                if (name != null && name.equals(option)) {
                    boolean last =
                            i + 1 >= arguments.size() || arguments.get(i + 1).startsWith("-");
                    passed = equals >= 0
                            ? Values.constant(plain.substring(equals + 1))
                            : last ? Values.constant(true) : Values.constant(arguments.get(i + 1));
                }
            }
        }
        return passed;
    }
}
