package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a language's own library and others do, as far as no table says it. One per run. */
abstract class Library {
    final Interpreter run;
    final Builtins builtins;
    private Value.@Nullable Items arguments;

    Library(Interpreter run) {
        this.run = run;
        this.builtins = new Builtins(run);
    }

    /** A member of something that is not of the program; null for the common rule. */
    protected @Nullable Value member(Value object, String name) {
        return object instanceof Value.Foreign foreign ? kept(foreign, name) : null;
    }

    /** Calls something; null where it is not known to us: the common rule applies. */
    protected @Nullable Value call(Call call) {
        Value known = builtins.call(call);
        return known == null ? run.libraries.call(call) : known;
    }

    /** Applies a decorator of a library; null leaves the function as it is. */
    protected @Nullable Value decorate(Value decorator, Value function, Site site) {
        return null;
    }

    /** The value of a binary or unary operator that the common rules do not know; null where we don't either. */
    protected @Nullable Value operate(String operator, Value left, Value right) {
        return null;
    }

    /** True where a library calls functions that it is handed, false for those that the table says it {@code keeps:}. */
    final boolean callsBack(String path) {
        return !says("keeps", path);
    }

    /** True for a base class that brings no behaviour of its own: one that the table calls {@code plain:}. */
    final boolean plainBase(String path) {
        return says("plain", path);
    }

    /** True where the table has under this name the path, its first or its last part, or a star for all. */
    private boolean says(String name, String path) {
        Set<String> words = run.libraries.table.words(name);
        String first = path.substring(0, Math.max(0, path.indexOf('.')));
        String last = path.substring(path.lastIndexOf('.') + 1);
        return words.contains("*") || words.contains(path) || words.contains(first) || words.contains(last);
    }

    /** Something that is no function was handed to a library that is not known. */
    void handedOver(Value argument, Site site) {}

    /** The value of a parameter that the caller leaves out, where a library has its own idea; else null. */
    protected @Nullable Value parameter(Function.Parameter parameter, Value.Routine routine) {
        return null;
    }

    /** {@code object[key]} of something that is not of the program; null for the common rule. */
    protected @Nullable Value index(Value object, Value key) {
        return null;
    }

    /** A value as it appears in a text put together, as the table says of what is no text; null where it is not known. */
    final @Nullable String shown(Value value) {
        String shown = Values.shown(value);
        return shown == null || Values.text(value) != null
                ? shown
                : run.libraries.table.pairs("shown").getOrDefault(shown, shown);
    }

    /** Something of a library is assigned to: {@code server.config["PORT"] = 1}. */
    void assigned(Value.Foreign target, String name, Value value) {
        if (target.receiver() instanceof Value.Made made) {
            made.fields().put(target.path() + "[" + name + "]", value);
        }
    }

    /** What was assigned so; null where nothing was. */
    static @Nullable Value kept(Value.Foreign foreign, String name) {
        return foreign.receiver() instanceof Value.Made made
                ? made.fields().get(foreign.path() + "[" + name + "]")
                : null;
    }

    /** A text is put together by {@code +} with whatever else there is. */
    final @Nullable Value concatenated(String operator, Value left, Value right) {
        boolean text = Values.text(left) != null || Values.text(right) != null;
        return operator.equals("+") && text
                ? new TextParts()
                        .add(left, shown(left))
                        .add(right, shown(right))
                        .result()
                : null;
    }

    /** A function of the program was called and has ended. */
    void called(Value.Routine routine) {}

    /** True where one of these names of a module is an application that a server can load. */
    boolean definesApplication(Scope scope) {
        return false;
    }

    /**
     * What a handler of a request is called with: what the table calls {@code handler:}.
     *
     * @param path of the request
     */
    final Arguments handlerArguments(String path, Site site) {
        List<Value> given = new ArrayList<>();
        run.libraries.table.words("handler").forEach(what -> given.add(filled(what, path, site)));
        return new Arguments(given, Map.of(), false);
    }

    /** An object with the fields that the table says under this name; {@code PATH} stands for a path. */
    final Value.Made filled(String what, String path, Site site) {
        Value.Made made = run.made(what + "()", null, Arguments.NONE, site);
        run.libraries
                .table
                .pairs(what)
                .forEach((field, value) ->
                        made.fields().put(field, Values.constant(value.equals("PATH") ? path : value)));
        return made;
    }

    /** The words that the program is started with, one list for all who ask; {@code before} says what stands before them. */
    final Value.Items commandLine(String... before) {
        if (arguments == null) {
            List<Value> words = new ArrayList<>();
            for (String reason : before) {
                words.add(Values.unknown(reason));
            }
            run.start.arguments().forEach(word -> words.add(Values.constant(word)));
            arguments = run.items(words);
        }
        return arguments;
    }

    /** How long a list is; of the command line there may be more. */
    final Value length(Value.Items items) {
        return items.open()
                ? Values.unknown("its length is not known")
                : new Value.Scalar((long) items.size(), null, items.equals(arguments));
    }

    /** What a row of a table leaves to its language: {@code special=}; null where the common rule applies as well. */
    protected @Nullable Value special(String what, Call call) {
        throw new IllegalStateException("special=" + what + " of " + call.path() + " is not known");
    }

    /** An application of a library was made by this call. */
    void application(Value.Made made, Call call) {}
}
