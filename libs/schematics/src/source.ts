import ts from 'typescript';
import { Refused } from './names';

/** A TypeScript file, edited where its syntax tree says. How it looks afterwards is Prettier's business. */
export class Source {
  constructor(
    readonly path: string,
    public text: string,
  ) {}

  /** `addImport('@nestjs/common', 'Get')`; a type is told by its name: `type IQueryHandler`. */
  addImport(from: string, ...names: string[]): this {
    for (const name of names) this.importOne(from, name);
    return this;
  }

  /** `export { … } from './x'` and the like, behind the others. */
  addLine(line: string): this {
    if (!this.text.includes(line)) this.text = `${this.text.trimEnd()}\n${line}\n`;
    return this;
  }

  /** `export * from './x'`, behind the others. */
  addExport(from: string): this {
    const others = this.tree.statements.filter((one) => ts.isExportDeclaration(one) && !one.exportClause);
    return this.insert(others.at(-1)?.end ?? 0, `\nexport * from '${from}';`);
  }

  /** Before a class and its decorators, unless it is there. */
  addBefore(className: string, code: string): this {
    return this.text.includes(code) ? this : this.insert(this.classOf(className).getStart(this.tree), `${code}\n\n`);
  }

  /** Adds to `@Module({ providers: […] })`, or makes the list. */
  addToDecorator(className: string, property: string, element: string): this {
    const [argument] = this.decoratorOf(className).arguments;
    return this.addToProperty(argument as ts.ObjectLiteralExpression, property, element);
  }

  /** Adds to a list in the object that a function is called with: `EventBackboneModule.forFeature({ entities: […] })`. */
  addToCall(called: string, property: string, element: string): this {
    const call = this.must(called, (node): node is ts.CallExpression => {
      return ts.isCallExpression(node) && node.expression.getText(this.tree) === called;
    });
    const [argument] = call.arguments;
    const literal = ts.isIdentifier(argument) ? this.valueOf(argument.text) : argument;
    return this.addToProperty(literal as ts.ObjectLiteralExpression, property, element);
  }

  /** Adds to `const name = […]` or `const name = {…}`: at its end, or before what begins so. */
  addToConst(name: string, element: string, before?: string): this {
    const value = this.valueOf(name) as ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;
    const elements = ts.isArrayLiteralExpression(value) ? value.elements : value.properties;
    const next = before && elements.find((one) => one.getText(this.tree).startsWith(before));
    if (next) return this.insert(next.getStart(this.tree), `${element}, `);
    return this.append(elements, value.end - 1, element);
  }

  hasClass(name: string): boolean {
    return this.find((node) => ts.isClassDeclaration(node) && node.name?.text === name) !== undefined;
  }

  /** Behind the last member of a class. */
  addMember(className: string, code: string): this {
    return this.insert(this.classOf(className).end - 1, `\n${code}\n`);
  }

  /** A parameter of the constructor, by their names, unless there is one of that name. */
  addParameter(className: string, name: string, code: string): this {
    const constructor = this.classOf(className).members.find((member) => ts.isConstructorDeclaration(member));
    if (!constructor) return this.insertMemberFirst(className, `constructor(${code}) {}\n`);
    if (constructor.parameters.some((parameter) => parameter.name.getText(this.tree) === name)) return this;
    const next = constructor.parameters.find((parameter) => parameter.name.getText(this.tree) > name);
    if (next) return this.insert(next.getStart(this.tree), `${code}, `);
    return this.append(constructor.parameters, constructor.parameters.end, code);
  }

  /** What the tree of the class says of its fields: name and decorators, with those of its base classes of the file. */
  fieldsOf(className: string): { name: string; decorators: string[] }[] {
    const declaration = this.classOf(className);
    const base = declaration.heritageClauses?.[0]?.types[0]?.expression.getText(this.tree);
    const own = declaration.members
      .filter((member) => ts.isPropertyDeclaration(member))
      .map((member) => ({
        name: member.name.getText(this.tree),
        decorators: (ts.getDecorators(member) ?? []).map((decorator) => decorator.getText(this.tree)),
      }));
    return [...(base && this.hasClass(base) ? this.fieldsOf(base) : []), ...own];
  }

  private importOne(from: string, name: string): void {
    const imports = this.tree.statements.filter((statement) => ts.isImportDeclaration(statement));
    const pathOf = (one: ts.ImportDeclaration): string => (one.moduleSpecifier as ts.StringLiteral).text;
    const line = imports.find((one) => pathOf(one) === from && one.importClause?.namedBindings);
    if (line) return this.importBeside(line.importClause!, from, name);
    const words = name.startsWith('type ') ? `type { ${name.slice(5)} }` : `{ ${name} }`;
    const code = `import ${words} from '${from}';\n`;
    const next = imports.find((one) => rank(pathOf(one)) > rank(from));
    this.insert(next ? next.getStart(this.tree) : (imports.at(-1)?.end ?? 0), next ? code : `\n${code}`);
  }

  /**
   * Among the names that are imported from there. Of `import type {…}` nothing is there at run time: for a value beside
   * its types it becomes `import { type A, B }`, and what was a type only is told anew when it is used as a value.
   */
  private importBeside(clause: ts.ImportClause, from: string, name: string): void {
    const named = clause.namedBindings as ts.NamedImports;
    const isType = name.startsWith('type ');
    const bare = (text: string): string => text.replace(/^type /, '');
    const written = named.elements.map((one) => one.getText(this.tree));
    const same = written.find((one) => bare(one) === bare(name));
    const onlyTypes = clause.isTypeOnly;
    if (same && (isType || !(onlyTypes || same.startsWith('type ')))) return;
    if (same || (onlyTypes && !isType)) {
      const others = written.filter((one) => one !== same).map((one) => (onlyTypes ? `type ${one}` : one));
      const start = (onlyTypes ? clause : named).getStart(this.tree);
      this.text = `${this.text.slice(0, start)}{ ${others.join(', ')} }${this.text.slice(named.end)}`;
      return this.importOne(from, name);
    }
    const element = onlyTypes ? bare(name) : name;
    const next = named.elements.find((one) => compare(bare(one.getText(this.tree)), bare(name)) > 0);
    if (next) this.insert(next.getStart(this.tree), `${element}, `);
    else this.append(named.elements, named.elements.end, element);
  }

  private addToProperty(literal: ts.ObjectLiteralExpression, property: string, element: string): this {
    const found = literal.properties.find((one) => one.name?.getText(this.tree) === property);
    if (!found) {
      const behind = literal.properties.find((one) => place(one.name!.getText(this.tree)) > place(property));
      const code = `${property}: [${element}]`;
      if (behind) return this.insert(behind.getStart(this.tree), `${code}, `);
      return this.append(literal.properties, literal.end - 1, code);
    }
    const list = (found as ts.PropertyAssignment).initializer as ts.ArrayLiteralExpression;
    return this.append(list.elements, list.end - 1, element);
  }

  private insertMemberFirst(className: string, code: string): this {
    return this.insert(this.classOf(className).members.pos, `\n${code}\n`);
  }

  /** Behind the last of a list, or as its first. */
  private append(list: ts.NodeArray<ts.Node>, end: number, code: string): this {
    const last = list.at(-1);
    return last ? this.insert(last.end, `, ${code}`) : this.insert(end, code);
  }

  private insert(position: number, code: string): this {
    this.text = this.text.slice(0, position) + code + this.text.slice(position);
    return this;
  }

  private get tree(): ts.SourceFile {
    return ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true);
  }

  private classOf(name: string): ts.ClassDeclaration {
    return this.must(`class ${name}`, (node): node is ts.ClassDeclaration => {
      return ts.isClassDeclaration(node) && node.name?.text === name;
    });
  }

  private decoratorOf(className: string): ts.CallExpression {
    return ts.getDecorators(this.classOf(className))![0].expression as ts.CallExpression;
  }

  private valueOf(name: string): ts.Expression {
    const declaration = this.must(`const ${name}`, (node): node is ts.VariableDeclaration => {
      return ts.isVariableDeclaration(node) && node.name.getText(this.tree) === name;
    });
    return declaration.initializer!;
  }

  private find<T extends ts.Node>(matches: (node: ts.Node) => node is T): T | undefined;
  private find(matches: (node: ts.Node) => boolean): ts.Node | undefined;
  private find(matches: (node: ts.Node) => boolean): ts.Node | undefined {
    const visit = (node: ts.Node): ts.Node | undefined => (matches(node) ? node : ts.forEachChild(node, visit));
    return visit(this.tree);
  }

  /** @throws Refused where a person has taken away what is to be added to. */
  private must<T extends ts.Node>(what: string, matches: (node: ts.Node) => node is T): T {
    const found = this.find(matches);
    if (!found) throw new Refused(`There is no ${what} in ${this.path} to add to.`);
    return found;
  }
}

const compare = (one: string, other: string): number => one.localeCompare(other, 'en', { sensitivity: 'base' });

/** How the lists of a module follow each other. */
const place = (property: string): number => ['imports', 'controllers', 'providers', 'exports'].indexOf(property);

/** Packages, then what is above, then what is beside. */
const rank = (path: string): string => `${path.startsWith('./') ? 2 : path.startsWith('.') ? 1 : 0}${path}`;
