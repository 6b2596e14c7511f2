// Folds constants, and applies identities that change no bit of any result.
//
//   needs    a verified module
//   leaves   no operation on constants alone, no branch on a constant; nothing computed that was not before
//   shown by test/lit/transform/simplify.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void simplify(ir::Module& module);

}  // namespace lacuna::transform
