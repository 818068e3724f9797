import mark from '../../design/mark.svg';
import { Badge } from '../../design/index.ts';
import { useEnvironments } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { SignInForm } from './sign-in-form.tsx';
import './sign-in.css';

export function SignInPage() {
  const { known } = useEnvironments();
  const [self] = known;
  if (!self) return null;
  return (
    <main className="sign-in">
      <section className="card sign-in-card">
        <header className="stack">
          <div className="row">
            <img src={mark} alt="" width={36} height={36} />
            <span className="sign-in-product">{texts.common.product}</span>
          </div>
          <div className="row spread">
            <h1>{texts.signIn.title(self.name)}</h1>
            {self.production ? <Badge tone="warn">{texts.shell.production}</Badge> : null}
          </div>
          <p className="muted">{texts.signIn.lead}</p>
        </header>
        <SignInForm environment={self} />
        <p className="small muted mono">{self.url}</p>
      </section>
    </main>
  );
}
