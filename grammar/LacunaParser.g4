// Lacuna's grammar. Nothing here runs code: compiler/syntax calls one of the `only…` rules for each declaration's head and
// each statement, which it has cut out beforehand (statements begin with a keyword), and builds the tree from what they match.
//
// Every choice is made on the next token alone, so that an error is always found at the token that causes it; where a name is
// required only because of what follows it (`f(mean = m)`, `z[n in N]`), the grammar reads an expression and the builder insists.
//
// Operators stand in one flat rule; what binds tighter is in compiler/syntax/operators.def, which the builder applies.
parser grammar LacunaParser;
options { tokenVocab = LacunaLexer; }

// ---- what is parsed in one piece
onlyOpen: 'open' names+=name (',' names+=name)* EOF;
onlyDim: 'dim' subject=name ('=' value=expression)? EOF;
onlyModelHead: 'model' subject=name parameters EOF;
onlyGuideHead: 'guide' subject=name 'for' of=name EOF;
onlyDistHead: 'dist' subject=name parameters (':' result=type)? EOF;
onlyFunctionHead: 'fn' subject=name parameters (':' result=type)? EOF;
onlyFunction: 'fn' subject=name parameters (':' result=type)? '=' value=expression EOF;
onlyMember: subject=name (open='(' (parameterNames+=name (',' parameterNames+=name)*)? ')')? '=' value=expression EOF;
onlyForHead: 'for' binders ('where' condition=expression)? EOF;
onlyReturn: 'return' value=expression EOF;
onlyStatement: statement EOF;
onlyParameter: parameter EOF;

parameters: '(' (items+=parameter (',' items+=parameter)*)? ')';
parameter
  : 'dim' dimension=name ('=' value=expression)?
  | subject=name ':' of=type ('alias' aliases+=name)* ('=' value=expression ('alias' aliases+=name)*)?
  ;

// ---- statements
statement
  : letStatement
  | sampleStatement
  | observeStatement
  | factorStatement
  | outputStatement
  | paramStatement
  | autoStatement
  ;
letStatement: 'let' target '=' value=expression;
sampleStatement: 'sample' target '~' distribution=expression noncentered='noncentered'?;
observeStatement: 'observe' target '~' distribution=expression ('where' condition=expression)? (otherwise='else' impute='impute')?;
factorStatement: 'factor' value=expression ('where' condition=expression)?;
outputStatement: 'output' target relation=('=' | '~') value=expression;
paramStatement: 'param' subject=name ':' of=type ('=' value=expression)?;
autoStatement: 'auto' '~' family=name;

target: subject=name (open='[' items+=targetItem (',' items+=targetItem)* ('where' condition=expression)? ']')? (':' of=type)?;
targetItem: index=expression ('in' dimension=name)?;

binders: items+=binder (',' items+=binder)*;
binder: variable=name 'in' dimension=name;

type
  : subject=name ('(' arguments+=expression (',' arguments+=expression)* ')')? optional='?'?
    (open='[' dimensions+=name (',' dimensions+=name)* ']')?
  | distribution='dist' (open='[' dimensions+=name (',' dimensions+=name)* ']')?
  ;

// ---- expressions
expression
  : 'if' condition=expression 'then' thenValue=expression 'else' elseValue=expression
  | operands+=operand (operators+=('??' | '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '@' | '^')
                       operands+=operand)*
  ;

operand: prefixes+=('-' | '!')* primary suffixes+=suffix*;

primary
  : literal=(INTEGER | REAL | STRING | 'true' | 'false' | 'pi' | 'inf')
  | name
  | open='(' inner=expression ')'
  | array
  ;

array: '[' (elements+=expression (generator | (',' elements+=expression)*))? ']';
generator: 'for' binders ('where' condition=expression)?;

suffix
  : '(' (arguments+=argument (generator | (',' arguments+=argument)*))? close=')'
  | '[' subscripts+=subscript (',' subscripts+=subscript)* close=']'
  | '.' member=name
  ;
argument: value=expression ('=' named=expression)?;
subscript: slice=':' | index=expression;

name: text=(IDENTIFIER | 'alias' | 'auto' | 'param' | 'noncentered');
