package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defaults of command line options: argparse, optparse, click, typer, fire, tornado.options. */
final class PythonCommandLine {
    private static final String PARSER = "argparse.ArgumentParser()";

    private final Store commands;
    private final Store defined;
    private final Store filled;

    PythonCommandLine(Interpreter run) {
        this.commands = new Store(run.journal());
        this.defined = new Store(run.journal());
        this.filled = new Store(run.journal());
    }

    /** {@code tornado.options.define("port", default=8888)}. */
    void define(Arguments given) {
        String option = Values.text(given.first());
        Value standard = given.find(1, "default");
        if (option != null) {
            defined.put(option, soft(standard == null ? Value.NOTHING : standard));
        }
    }

    @Nullable
    Value call(String name, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        switch (name) {
            case "argparse.ArgumentParser", "optparse.OptionParser" -> {
                return run.made(PARSER, null, given, site);
            }
            case "click.Group().command()", "click.Group().group()", "typer.Typer().command()" -> {
                return null;
            }
            case "typer.run", "fire.Fire" -> {
                if (first instanceof Value.Routine routine) {
                    filled.put(routine.function(), Value.NOTHING);
                }
                if (first instanceof Value.Type type) {
                    run.evaluator().call(type, Arguments.NONE, site);
                } else if (first != null) {
                    run.evaluator().call(first, Arguments.NONE, site);
                }
                return Value.NOTHING;
            }
            case "typer.Typer()" -> {
                if (receiver instanceof Value.Made made && made.fields().get("commands") instanceof Value.Items items) {
                    items.values().forEach(command -> run.callBack(command, Arguments.NONE, site));
                }
                return Value.NOTHING;
            }
            default -> {}
        }
        if (receiver instanceof Value.Made parser && parser.path().equals(PARSER)) {
            return parser(name.substring(name.lastIndexOf('.') + 1), parser, given, site, run);
        }
        return null;
    }

    /** {@code tornado.options.options.port}. */
    @Nullable
    Value defined(String name) {
        return defined.get(name);
    }

    private static Value soft(Value value) {
        return value instanceof Value.Scalar scalar ? new Value.Scalar(scalar.value(), scalar.variable(), true) : value;
    }

    private @Nullable Value parser(String method, Value.Made parser, Arguments given, Site site, Interpreter run) {
        switch (method) {
            case "add_argument", "add_option" -> {
                addOption(parser, given, run);
                return Value.NOTHING;
            }
            case "add_argument_group", "add_mutually_exclusive_group", "add_option_group" -> {
                return parser;
            }
            case "add_subparsers" -> {
                String dest = Values.text(given.named().get("dest"));
                if (dest != null) {
                    parser.fields().put(dest, Values.unknown("it is given on the command line"));
                }
                return parser;
            }
            case "add_parser" -> {
                // The options of every command end up in one namespace.
                return parser;
            }
            case "set_defaults" -> {
                given.named().forEach((name, value) -> {
                    Value known = parser.fields().get(name);
                    boolean function = value instanceof Value.Routine || value instanceof Value.Later;
                    parser.fields().put(name, known == null || !function ? soft(value) : Values.join(known, value));
                });
                return Value.NOTHING;
            }
            case "parse_args", "parse_known_args" -> {
                Value.Made namespace = run.made("types.SimpleNamespace()", null, Arguments.NONE, site);
                parser.fields().cells().forEach(namespace.fields()::put);
                boolean pair = method.equals("parse_known_args");
                return pair
                        ? run.items(List.of(namespace, Values.unknown("it is given on the command line")))
                        : namespace;
            }
            default -> {
                return null;
            }
        }
    }

    private static void addOption(Value.Made parser, Arguments given, Interpreter run) {
        String dest = Values.text(given.named().get("dest"));
        boolean option = true;
        if (dest == null) {
            for (Value value : given.positional()) {
                String flag = Values.text(value);
                if (flag != null && flag.startsWith("--")) {
                    dest = flag.substring(2).replace('-', '_');
                    break;
                }
                if (flag != null && !flag.startsWith("-")) {
                    dest = flag.replace('-', '_');
                    option = false;
                    break;
                }
                if (flag != null) {
                    dest = flag.substring(1);
                }
            }
        }
        if (dest == null) {
            return;
        }
        Value standard = given.named().get("default");
        String action = Values.text(given.named().get("action"));
        if (standard == null && "store_true".equals(action)) {
            standard = Values.constant(false);
        }
        if (standard == null && "store_false".equals(action)) {
            standard = Values.constant(true);
        }
        boolean required =
                Boolean.TRUE.equals(Values.truth(given.named().getOrDefault("required", Values.constant(false))));
        boolean optional = "?".equals(Values.text(given.named().get("nargs")));
        if (standard == null) {
            standard = required || (!option && !optional)
                    ? Values.unknown("it is given on the command line")
                    : Value.NOTHING;
        }
        String[] names = given.positional().stream()
                .map(Values::text)
                .filter(flag -> flag != null && flag.startsWith("-"))
                .map(flag -> flag.replaceFirst("^--?", ""))
                .toArray(String[]::new);
        Value passed = Options.passed(run.arguments(), names);
        if (passed != null && action != null && action.startsWith("store_")) {
            passed = Values.constant(action.equals("store_true"));
        }
        parser.fields().put(dest, passed == null ? soft(standard) : passed);
    }

    /** The default of a parameter that click fills. */
    @Nullable
    Value option(Function.Parameter parameter, Value.Routine routine, Interpreter run) {
        for (Expression decorator : routine.function().decorators()) {
            if (!(decorator instanceof Expression.Call call)) {
                continue;
            }
            String called = call.function() instanceof Expression.Member member
                    ? member.name()
                    : call.function() instanceof Expression.Name name ? name.name() : "";
            if (!called.equals("option") && !called.equals("argument")) {
                continue;
            }
            Value value = run.evaluator()
                    .value(call, new Interpreter.Frame(routine.closure(), new ArrayList<>(), null, null));
            if (value instanceof Value.Made made && parameter.name().equals(optionName(made.arguments()))) {
                Value passed = passed(made.arguments(), run);
                if (passed != null) {
                    return passed;
                }
                return optionDefault(made.arguments());
            }
        }
        return null;
    }

    private static @Nullable Value passed(Arguments given, Interpreter run) {
        return Options.passed(
                run.arguments(),
                given.positional().stream()
                        .map(Values::text)
                        .filter(flag -> flag != null && flag.startsWith("-"))
                        .map(flag -> flag.replaceFirst("^--?", ""))
                        .toArray(String[]::new));
    }

    private static @Nullable String optionName(Arguments given) {
        String name = null;
        for (Value value : given.positional()) {
            String text = Values.text(value);
            if (text != null && !text.startsWith("-")) {
                return text.replace('-', '_');
            }
            if (text != null && (name == null || text.startsWith("--"))) {
                name = text.replaceFirst("^-+", "").replaceFirst("/.*", "").replace('-', '_');
            }
        }
        return name;
    }

    private static Value optionDefault(Arguments given) {
        Value standard = given.named().get("default");
        Value variable = given.named().get("envvar");
        String name = Values.text(variable instanceof Value.Items items && items.size() > 0 ? items.at(0) : variable);
        if (standard == null
                && Boolean.TRUE.equals(Values.truth(given.named().getOrDefault("is_flag", Values.constant(false))))) {
            standard = Values.constant(false);
        }
        if (standard instanceof Value.Scalar scalar) {
            return new Value.Scalar(scalar.value(), name != null ? name : scalar.variable(), true);
        }
        return standard != null ? standard : new Value.Unknown("it is given on the command line", name);
    }

    /** True for a function whose parameters typer or fire fills from the command line. */
    boolean fills(Value.Routine routine) {
        return filled.get(routine.function()) != null;
    }

    /** A default written as {@code typer.Option(8020)}. */
    @Nullable
    Value parameter(Value standard) {
        if (standard instanceof Value.Made made
                && (made.path().equals("typer.Option()") || made.path().equals("typer.Argument()"))) {
            Map<String, Value> named = new HashMap<>(made.arguments().named());
            Value first = made.arguments().first();
            if (first != null) {
                named.put("default", first);
            }
            return optionDefault(new Arguments(List.of(), named, false));
        }
        return null;
    }

    /** Registers a command with its group. */
    @Nullable
    Value decorate(Value decorator, Value function) {
        if (!(decorator instanceof Value.Made made)) {
            return null;
        }
        if (made.path().startsWith("click.Group().") && made.receiver() instanceof Value.Routine group) {
            if (!(commands.get(group.function()) instanceof Value.Items known)) {
                commands.put(group.function(), items(commands, function));
            } else {
                known.cells().append(function);
            }
            return function;
        }
        if (made.path().equals("typer.Typer().command()") || made.path().equals("typer.Typer().callback()")) {
            if (function instanceof Value.Routine routine) {
                filled.put(routine.function(), Value.NOTHING);
            }
            if (made.receiver() instanceof Value.Made application) {
                Value known = application.fields().get("commands");
                if (known instanceof Value.Items items) {
                    items.cells().append(function);
                } else {
                    application.fields().put("commands", items(application.fields(), function));
                }
            }
            return function;
        }
        return null;
    }

    private static Value items(Store beside, Value function) {
        Store cells = beside.sibling();
        cells.append(function);
        return new Value.Items(cells, false);
    }

    /** A group was called: one of its commands will be. */
    void called(Value.Routine routine, Interpreter run) {
        if (commands.get(routine.function()) instanceof Value.Items inner) {
            inner.values()
                    .forEach(command -> run.callBack(
                            command, Arguments.NONE, new Site(routine.closure().module(), 0, 0)));
        }
    }
}
