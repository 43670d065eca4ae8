package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/** Makes a command's options, in groups with a heading, and reads their values once they have been parsed. */
final class Options {
    private final CommandSpec spec;
    private ArgGroupSpec.@Nullable Builder group;
    private int groups;

    Options(CommandSpec spec) {
        this.spec = spec;
    }

    /** The options that follow are printed under this heading. */
    Options heading(String heading) {
        close();
        group = ArgGroupSpec.builder()
                .heading("%n" + heading + "%n")
                .validate(false)
                .order(groups++);
        return this;
    }

    /** Adds the last group to the command. */
    void close() {
        if (group != null) {
            spec.addArgGroup(group.build());
            group = null;
        }
    }

    OptionSpec flag(String name, String description) {
        return add(OptionSpec.builder(name).type(boolean.class).arity("0").description(description));
    }

    OptionSpec text(String name, String label, String description) {
        return add(OptionSpec.builder(name).type(String.class).paramLabel(label).description(description));
    }

    /** One of a few words; others are refused with the list. */
    OptionSpec word(String name, String label, List<String> words, String description) {
        ITypeConverter<String> converter = value -> {
            if (words.contains(value)) {
                return value;
            }
            throw new TypeConversionException("'" + value + "' is none of " + String.join(", ", words));
        };
        return add(OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .completionCandidates(words)
                .converters(converter)
                .description(description));
    }

    OptionSpec file(String name, String label, String description) {
        return add(OptionSpec.builder(name)
                .type(Path.class)
                .paramLabel(label)
                .converters((ITypeConverter<Path>) Path::of)
                .description(description));
    }

    OptionSpec files(String name, String label, String description) {
        return add(OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(Path.class)
                .arity("1..*")
                .paramLabel(label)
                .converters((ITypeConverter<Path>) Path::of)
                .description(description));
    }

    /** A list of words, separated by commas or given by repeating the option. */
    OptionSpec words(String name, String label, List<String> candidates, String description) {
        return add(OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .splitRegex(",")
                .paramLabel(label)
                .completionCandidates(candidates)
                .description(description));
    }

    OptionSpec duration(String name, String description) {
        return add(OptionSpec.builder(name)
                .type(Duration.class)
                .paramLabel("TIME")
                .converters((ITypeConverter<Duration>) Options::duration)
                .description(description));
    }

    OptionSpec number(String name, String description) {
        return add(OptionSpec.builder(name).type(int.class).paramLabel("N").description(description));
    }

    /** A parameter that is no option. @param arity how often it is given, for example {@code 0..1} */
    PositionalParamSpec argument(int index, String arity, String label, String description) {
        return argument(index, arity, label, List.of(), description);
    }

    /** The same for one that is one of a few words. */
    PositionalParamSpec argument(int index, String arity, String label, List<String> words, String description) {
        PositionalParamSpec argument = PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity(arity)
                .type(String.class)
                .paramLabel(label)
                .completionCandidates(words)
                .description(description)
                .build();
        spec.addPositional(argument);
        return argument;
    }

    /** Parameters that are no options, none or many. */
    PositionalParamSpec arguments(String label, List<String> words, String description) {
        PositionalParamSpec arguments = PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .completionCandidates(words)
                .description(description)
                .build();
        spec.addPositional(arguments);
        return arguments;
    }

    static @Nullable String text(PositionalParamSpec argument) {
        return argument.getValue() instanceof String text ? text : null;
    }

    OptionSpec add(OptionSpec.Builder builder) {
        OptionSpec option = builder.build();
        if (group == null) {
            spec.addOption(option);
        } else {
            group.addArg(option);
        }
        return option;
    }

    /** {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 7d}; a bare number is seconds. */
    private static Duration duration(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 9) {
            throw notATime(text);
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "", "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw notATime(text);
        };
    }

    private static TypeConversionException notATime(String text) {
        return new TypeConversionException("'" + text + "' is no time such as 500ms, 5s, 2m, 12h or 30d");
    }

    static boolean given(OptionSpec option) {
        return option.getValue() instanceof Boolean given && given;
    }

    static @Nullable String text(OptionSpec option) {
        return option.getValue() instanceof String text ? text : null;
    }

    static String text(OptionSpec option, String otherwise) {
        return option.getValue() instanceof String text ? text : otherwise;
    }

    static @Nullable Path file(OptionSpec option) {
        return option.getValue() instanceof Path path ? path : null;
    }

    /** The value of a parameter that must be given. */
    static Path path(PositionalParamSpec argument) throws UsageException {
        if (argument.getValue() instanceof String value) {
            return Path.of(value);
        }
        throw new UsageException(
                "the parameter " + argument.paramLabel() + " is missing: " + argument.description()[0],
                "Its usage: panoptes COMMAND --help");
    }

    static Duration duration(OptionSpec option, Duration otherwise) {
        return option.getValue() instanceof Duration duration ? duration : otherwise;
    }

    static int number(OptionSpec option, int otherwise) {
        return option.getValue() instanceof Integer number ? number : otherwise;
    }

    /** The words that were given, each once and without blanks; empty where the option was not given. */
    static List<String> words(OptionSpec option) {
        List<String> words = new ArrayList<>();
        if (option.getValue() instanceof List<?> values) {
            for (Object value : values) {
                String word = String.valueOf(value).strip();
                if (!word.isEmpty() && !words.contains(word)) {
                    words.add(word);
                }
            }
        }
        return words;
    }

    static List<Path> files(OptionSpec option) {
        return option.getValue() instanceof List<?> values
                ? values.stream().map(Path.class::cast).toList()
                : List.of();
    }
}
