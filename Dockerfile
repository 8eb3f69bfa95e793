# The app in a container:  docker build -t siamese-lab .  and  docker run -p 8501:8501 -v siamese-lab:/data siamese-lab
FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt requirements-cluster.txt ./
RUN pip install --no-cache-dir -r requirements.txt -r requirements-cluster.txt
COPY . .
RUN useradd --create-home visitor && mkdir /data && chown visitor /data
USER visitor
ENV SIAMESE_LAB_FOLDER=/data
VOLUME /data
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=5)"]
ENTRYPOINT ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
