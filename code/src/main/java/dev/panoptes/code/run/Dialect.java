package dev.panoptes.code.run;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Statement;
import org.jspecify.annotations.Nullable;

/** What is particular to one language: its built-in names, its imports, its objects. One per run. */
abstract class Dialect {
    final Interpreter run;
    /** What the language's own and other libraries do. */
    final Library library;

    Dialect(Interpreter run, Library library) {
        this.run = run;
        this.library = library;
    }

    static Dialect of(Language language, Interpreter run) {
        return switch (language) {
            case PYTHON -> new PythonDialect(run);
            case JAVASCRIPT, TYPESCRIPT -> new JavaScriptDialect(run);
            case GO -> new GoDialect(run);
            case JAVA -> new JavaDialect(run);
            case SHELL -> new ShellDialect(run);
        };
    }

    /** True where a condition that rests on a default is taken as the default decides. */
    boolean followsDefaults() {
        return true;
    }

    /** A name that no scope has; null where the language has none such. */
    protected @Nullable Value global(String name, Scope scope) {
        return null;
    }

    /** Brings imported names into the scope. */
    void imports(Statement.Import statement, Scope scope) {}

    /** An object of a class of the program, where the class does not say how it is made; null for an empty object. */
    protected @Nullable Value create(Value.Type type, Arguments arguments, Site site) {
        return null;
    }

    /** What a package of the tree holds; null where it is none, or holds no such module. */
    protected @Nullable Value inPackage(Value object, String name) {
        return null;
    }

    /** A module as a call such as {@code require} gives it. */
    Value required(Call call) {
        return Values.decided();
    }

    /** True for the condition that holds only when the file itself is run. */
    boolean mainGuard(Expression condition) {
        return false;
    }

    /** True where a program's file is the same module when another file imports it. */
    boolean mainIsModule() {
        return true;
    }

    /** Runs the top level of a module. */
    void body(Scope module, Interpreter.Frame frame) {
        run.statements.block(module.module.text().statements(), frame);
    }

    /** Names that every module has. */
    void begin(Scope module) {}

    /** What a module that was run gives under this name, or as a whole for null; null where nothing. */
    protected @Nullable Value exported(Module module, Scope scope, @Nullable String name) {
        return name == null ? new Value.Loaded(module, scope) : scope.names.get(name);
    }

    /** What is called as a method without arguments and is a component of an object; null where it is none. */
    protected @Nullable Value component(Value object, String name) {
        return null;
    }

    /** True where a method's first parameter is the object itself. */
    boolean passesSelf() {
        return false;
    }

    /** A typed literal. */
    Value compose(Value type, Value fields, Site site) {
        return fields;
    }

    /** A member found in a class, seen from an object: bound, unbound, or what a property gives. */
    Value bind(Value member, Value self) {
        return member;
    }

    /** What a getter that has no arguments gives. */
    final Value got(Value.Routine getter, Value self) {
        return run.calls.invoke(getter.bound(self), Arguments.NONE, Site.of(getter.closure().module));
    }

    /** What making this object calls; null where nothing. */
    protected @Nullable Value constructor(Value.Instance instance) {
        return null;
    }

    /** Part of a value that is taken apart and is no known list. */
    Value part(Value value, int index) {
        return Values.unknown("it is taken out of something");
    }

    /** Assigns to a name that no scope has, where the language finds it elsewhere; false where it does not. */
    boolean assignOuter(String name, Value value, Scope scope) {
        return false;
    }
}
