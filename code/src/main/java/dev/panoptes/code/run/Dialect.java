package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import org.jspecify.annotations.Nullable;

/** What is particular to one language: its built-in names, its imports, its libraries. */
interface Dialect {
    /** A name that no scope has; null where the language has none such. */
    default @Nullable Value global(String name, Interpreter run, Scope scope) {
        return null;
    }

    /** Brings imported names into the scope. */
    default void imports(Statement.Import statement, Scope scope, Interpreter run) {}

    /** A member of something that is not of the program; null for the common rule. */
    default @Nullable Value member(Value object, String name, Interpreter run) {
        return null;
    }

    /**
     * Calls something of a library.
     *
     * @param path what is called
     * @param receiver the object it belongs to; null for a function of a module
     * @return null where the library is not known to us: the common rule applies
     */
    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments arguments, Site site, Interpreter run);

    /** An object of a class of the program, where the class does not say how it is made; null for an empty object. */
    default @Nullable Value create(Value.Type type, Arguments arguments, Site site, Interpreter run) {
        return null;
    }

    /** Applies a decorator of a library; null leaves the function as it is. */
    default @Nullable Value decorate(Value decorator, Value function, Site site, Interpreter run) {
        return null;
    }

    /** True for the condition that holds only when the file itself is run. */
    default boolean mainGuard(Expression condition) {
        return false;
    }

    /** True where a program's file is the same module when another file imports it. */
    default boolean mainIsModule() {
        return true;
    }

    /** Runs the top level of a module. */
    default void body(Scope module, Interpreter.Frame frame, Interpreter run) {
        run.block(module.module().text().statements(), frame);
    }

    /** Names that every module has. */
    default void begin(Scope module, Interpreter run) {}

    /** What a module that was run gives under this name, or as a whole for null; null where nothing. */
    default @Nullable Value exported(Module module, Scope scope, @Nullable String name, Interpreter run) {
        return name == null ? new Value.Loaded(module, scope) : scope.names().get(name);
    }

    /** The value of a binary or unary operator that the common rules do not know; null where we don't either. */
    default @Nullable Value operate(String operator, Value left, Value right, Interpreter run) {
        return null;
    }

    /** Functions that were handed to a library and are called by it. */
    default boolean callsBack(String path) {
        return true;
    }

    /** The value of a parameter that the caller leaves out, where the language or a library has its own idea; else null. */
    default @Nullable Value parameter(Function.Parameter parameter, Value.Routine routine, Interpreter run) {
        return null;
    }

    /** True where a method's first parameter is the object itself. */
    default boolean passesSelf() {
        return false;
    }

    /** A typed literal. */
    default Value compose(Value type, Value fields, Site site, Interpreter run) {
        return fields;
    }

    /** A member found in a class, seen from an object: bound, unbound, or what a property gives. */
    default Value bind(Value member, Value self, Interpreter run) {
        return member;
    }

    /** True for a base class that brings no behaviour of its own. */
    default boolean plainBase(String path) {
        return false;
    }

    /** What making this object calls; null where nothing. */
    default @Nullable Value constructor(Value.Instance instance, Interpreter run) {
        return null;
    }

    /** {@code object[key]} of something that is not of the program; null for the common rule. */
    default @Nullable Value index(Value object, Value key, Interpreter run) {
        return null;
    }

    /** A value as it appears in a text put together; null where it is not known. */
    default @Nullable String shown(Value value) {
        return Values.shown(value);
    }

    /** Part of a value that is taken apart and is no known list. */
    default Value part(Value value, int index, Interpreter run) {
        return Values.unknown("it is taken out of something");
    }

    /** Assigns to a name that no scope has, where the language finds it elsewhere; false where it does not. */
    default boolean assignOuter(String name, Value value, Scope scope, Interpreter run) {
        return false;
    }

    /** Something of a library is assigned to: {@code os.environ["PORT"] = "1"}. */
    default void assigned(Value.Foreign target, String name, Value value, Interpreter run) {}

    /** A function of the program was called and has ended. */
    default void called(Value.Routine routine, Interpreter run) {}

    /** True where one of these names of a module is an application that a server can load. */
    default boolean definesApplication(Scope scope, Interpreter run) {
        return false;
    }

    /**
     * What a handler of a request is called with.
     *
     * @param path of the request
     */
    default Arguments handlerArguments(String path, Site site, Interpreter run) {
        return Arguments.NONE;
    }

    /** What a row of a table leaves to its language: {@code special=}; null where the common rule applies as well. */
    default @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        throw new IllegalStateException("special=" + what + " of " + call.path() + " is not known");
    }

    /** An application of a library was made by this call. */
    default void application(Value.Made made, Arguments given, Site site, Interpreter run) {}
}
