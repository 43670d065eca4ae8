package dev.panoptes.integrity.declared;

import dev.panoptes.code.Code;
import dev.panoptes.code.CodeDirectory;
import java.util.List;

/** The code of a tree that could not be read. @param reason one sentence */
record UnreadCode(String reason) implements Code {
    @Override
    public List<CodeDirectory> directories() {
        return List.of();
    }

    @Override
    public List<String> children() {
        return List.of();
    }

    @Override
    public String childrenIncomplete() {
        return reason;
    }

    @Override
    public ProgramLookup program(String rootPath) {
        return new ProgramLookup.Unreadable(reason);
    }
}
