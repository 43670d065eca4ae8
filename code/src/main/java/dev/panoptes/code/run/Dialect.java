package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import org.jspecify.annotations.Nullable;

/** What is particular to one language: its built-in names, its imports, its libraries. */
interface Dialect {
    /** A name that no scope has; null where the language has none such. */
    @Nullable
    Value global(String name, Interpreter run, Scope scope);

    /** Brings imported names into the scope. */
    void imports(Statement.Import statement, Scope scope, Interpreter run);

    /** A member of something that is not of the program; null for the common rule. */
    @Nullable
    Value member(Value object, String name, Interpreter run);

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
    @Nullable
    Value create(Value.Type type, Arguments arguments, Site site, Interpreter run);

    /** Applies a decorator of a library; null leaves the function as it is. */
    @Nullable
    Value decorate(Value decorator, Value function, Site site, Interpreter run);

    /** True for the condition that holds only when the file itself is run. */
    boolean mainGuard(Expression condition);

    /** True where a program's file is the same module when another file imports it. */
    boolean mainIsModule();

    /** Runs the top level of a module. */
    void body(Scope module, Interpreter.Frame frame, Interpreter run);

    /** Names that every module has. */
    void begin(Scope module, Interpreter run);

    /** What a module that was run gives under this name, or as a whole for null; null where nothing. */
    @Nullable
    Value exported(Module module, Scope scope, @Nullable String name, Interpreter run);

    /** The value of a binary or unary operator that the common rules do not know; null where we don't either. */
    @Nullable
    Value operate(String operator, Value left, Value right, Interpreter run);

    /** Functions that were handed to a library and are called by it. */
    boolean callsBack(String path);

    /** The value of a parameter that the caller leaves out, where the language or a library has its own idea; else null. */
    @Nullable
    Value parameter(Function.Parameter parameter, Value.Routine routine, Interpreter run);

    /** True where a method's first parameter is the object itself. */
    boolean passesSelf();

    /** A typed literal. */
    Value compose(Value type, Value fields, Site site, Interpreter run);

    /** A member found in a class, seen from an object: bound, unbound, or what a property gives. */
    Value bind(Value member, Value self, Interpreter run);

    /** True for a base class that brings no behaviour of its own. */
    boolean plainBase(String path);

    /** What making this object calls; null where nothing. */
    @Nullable
    Value constructor(Value.Instance instance, Interpreter run);

    /** {@code object[key]} of something that is not of the program; null for the common rule. */
    @Nullable
    Value index(Value object, Value key, Interpreter run);

    /** A value as it appears in a text put together; null where it is not known. */
    @Nullable
    String shown(Value value);

    /** Part of a value that is taken apart and is no known list. */
    Value part(Value value, int index, Interpreter run);

    /** Assigns to a name that no scope has, where the language finds it elsewhere; false where it does not. */
    boolean assignOuter(String name, Value value, Scope scope, Interpreter run);

    /** Something of a library is assigned to: {@code os.environ["PORT"] = "1"}. */
    void assigned(Value.Foreign target, String name, Value value, Interpreter run);

    /** A function of the program was called and has ended. */
    void called(Value.Routine routine, Interpreter run);

    /** True where one of these names of a module is an application that a server can load. */
    boolean definesApplication(Scope scope, Interpreter run);

    /**
     * What a handler of a request is called with.
     *
     * @param path of the request
     */
    Arguments handlerArguments(String path, Site site, Interpreter run);
}
