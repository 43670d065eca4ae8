package dev.panoptes.code.run;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of a module, a class, a function call or a block. */
final class Scope {
    final Module module;
    final @Nullable Scope parent;
    final Store names;
    final Kind kind;
    private final Set<String> outer = new HashSet<>();

    enum Kind {
        MODULE,
        TYPE,
        FUNCTION,
        BLOCK
    }

    Scope(Module module, @Nullable Scope parent, Kind kind, Journal journal) {
        this.module = module;
        this.parent = parent;
        this.kind = kind;
        this.names = new Store(journal);
    }

    /** That of the module. */
    Scope outermost() {
        Scope scope = this;
        while (scope.parent != null) {
            scope = scope.parent;
        }
        return scope;
    }

    /** Names that belong to an enclosing scope although they are assigned here. */
    void outer(String name) {
        outer.add(name);
    }

    @Nullable
    Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Value value = scope.names.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** The scope that has this name, seen from here; null where none has. */
    @Nullable
    Scope owner(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.names.get(name) != null) {
                return scope;
            }
        }
        return null;
    }

    void declare(String name, Value value) {
        if (outer.contains(name)) {
            for (Scope scope = parent; scope != null; scope = scope.parent) {
                if (scope.parent == null || scope.names.get(name) != null) {
                    scope.names.put(name, value);
                    return;
                }
            }
        }
        names.put(name, value);
    }

    /** Assigns to the scope that has the name, else here. */
    void assign(String name, Value value) {
        Scope owner = owner(name);
        (owner == null ? this : owner).names.put(name, value);
    }
}
